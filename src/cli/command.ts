import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";

import { type CliIo, UsageError } from "./io.ts";

export interface OptionDefinition extends ParseArgsOptionDescriptor {
  /** What stands for the value in the usage text: `FILE`. */
  readonly value?: string;
  readonly help: string;
}
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** The values of parsed options: text, list of texts, or a switch. */
export type OptionValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows the name: `[DIR]`. */
  readonly positionals: string;
  readonly positionalsMax: number;
  readonly options: OptionDefinitions;
  readonly examples?: readonly string[];
  run(input: CommandInput): Promise<number>;
}

export interface CommandInput {
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly io: CliIo;
}

/** Typed access to parsed options. */
export interface Options {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  isOn(name: string): boolean;
}

export const HELP_OPTION: OptionDefinitions = {
  help: { type: "boolean", short: "h", help: "show this text" },
};

/** Parses a command's arguments. Throws `UsageError` with a hint for what is not known. */
export function parseCommand(command: Command, args: readonly string[]): Omit<CommandInput, "io"> {
  const definitions = { ...command.options, ...HELP_OPTION };
  const { values, positionals } = parseStrictly(command, args, definitions);
  const extra = positionals[command.positionalsMax];
  if (extra !== undefined)
    throw new UsageError(`unexpected argument "${extra}"; ${usageHint(command)}`);
  return { options: optionsOf(values), positionals };
}

function parseStrictly(command: Command, args: readonly string[], options: OptionDefinitions) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...options },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(explainMistake(command, error, Object.keys(options)), { cause: error });
  }
}

function explainMistake(command: Command, error: unknown, names: readonly string[]): string {
  const text = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown option '(-{1,2}[^']+)'/.exec(text)?.[1];
  if (unknown === undefined)
    return `${(text.split(". ")[0] ?? text).replace(/\n/g, " ")}; ${usageHint(command)}`;
  const near = nearest(unknown.replace(/^-+/, ""), names);
  const hint = near === undefined ? usageHint(command) : `did you mean "--${near}"?`;
  return `unknown option "${unknown}"; ${hint}`;
}

function usageHint({ name }: Command): string {
  return `see "plimsoll ${name} --help"`;
}

function optionsOf(values: OptionValues): Options {
  return {
    text(name) {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    texts(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
    isOn: (name) => values[name] === true,
  };
}

/** The usage text of one command. */
export function usage(command: Command): string {
  const rows = Object.entries({ ...command.options, ...HELP_OPTION }).map(([name, option]) => {
    const short = option.short === undefined ? "    " : `-${option.short}, `;
    const value = option.value === undefined ? "" : ` ${option.value}`;
    return [`  ${short}--${name}${value}`, option.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const examples = (command.examples ?? []).map((example) => `  ${example}`);
  return [
    `Usage: plimsoll ${[command.name, command.positionals, "[OPTIONS]"].filter(Boolean).join(" ")}`,
    "",
    command.summary,
    "",
    "Options:",
    ...rows.map(([left, help]) => `${left.padEnd(width)}${help}`),
    ...(examples.length > 0 ? ["", "Examples:", ...examples] : []),
    "",
  ].join("\n");
}

/** The known word closest to a mistyped one, within a third of its length; `undefined` when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  if (best === undefined) return undefined;
  const isNear = best.distance <= Math.max(1, Math.floor(best.candidate.length / 3));
  return isNear || (word.length > 2 && best.candidate.startsWith(word))
    ? best.candidate
    : undefined;
}

const WORD_CHARACTERS_MAX = 64;

/** Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours. */
function editDistance(long: string, b: string): number {
  const a = long.slice(0, WORD_CHARACTERS_MAX);
  const memo = new Map<number, number>();
  function from(i: number, j: number): number {
    if (i === a.length || j === b.length) return a.length - i + (b.length - j);
    const key = i * (b.length + 1) + j;
    const distance = memo.get(key) ?? step(i, j);
    memo.set(key, distance);
    return distance;
  }
  function step(i: number, j: number): number {
    const isSwap = a[i] === b[j + 1] && a[i + 1] === b[j];
    return Math.min(
      from(i + 1, j) + 1,
      from(i, j + 1) + 1,
      from(i + 1, j + 1) + (a[i] === b[j] ? 0 : 1),
      isSwap ? from(i + 2, j + 2) + 1 : Number.POSITIVE_INFINITY,
    );
  }
  return from(0, 0);
}
