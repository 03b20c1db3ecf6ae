import { splitShellWords } from "./shell-words.ts";

/** One program with its arguments, after shells, `env` and other starters are taken off. */
export interface SimpleCommand {
  /** `A=b` before the program, and what `env` and `export` set. */
  readonly assignments: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

/** `sh -c "sh -c ..."`. */
export const SHELL_NESTING_MAX = 4;
/** Commands of one line. */
export const COMMANDS_MAX = 64;

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh"]);

/** Starters that run the rest of their arguments; value: options that take a word of their own. */
const STARTERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    exec: ["-a"],
    env: ["-u", "--unset", "-C", "--chdir"],
    nohup: [],
    setsid: [],
    nice: ["-n"],
    ionice: ["-c", "-n"],
    time: [],
    command: [],
    sudo: ["-u", "-g", "--user", "--group"],
    tini: [],
    "dumb-init": [],
    catatonit: [],
    "opentelemetry-instrument": [],
    "ddtrace-run": [],
  }).map(([name, options]) => [name, new Set(options)]),
);
/** Starters whose first arguments are not options: how many words to drop. */
const STARTERS_WITH_OPERAND: Readonly<Record<string, number>> = {
  gosu: 1,
  "su-exec": 1,
  timeout: 1,
};
/** `uv run`, `poetry run`: dropped up to the program. */
const RUNNERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    uv: [
      "--with",
      "--group",
      "--extra",
      "--env-file",
      "--python",
      "-p",
      "--project",
      "--directory",
    ],
    poetry: ["-C", "--directory", "-P", "--project"],
    pipenv: [],
    pdm: ["-p", "--project"],
    hatch: ["-e", "--env"],
    rye: [],
    doppler: ["-p", "--project", "-c", "--config"],
    dotenv: ["-f", "--file"],
    "newrelic-admin": [],
  }).map(([name, options]) => [name, new Set(options)]),
);

/** The commands of a line in order, those inside `sh -c` included. */
export function readCommands(
  line: string,
  lookup: (name: string) => string | undefined,
  depth = 0,
): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  for (const word of [...splitShellWords(line, lookup), { text: ";", isOperator: true }]) {
    if (!word.isOperator) {
      words.push(word.text);
      continue;
    }
    if (words.length > 0) commands.push(...unwrap(words, lookup, depth));
    words = [];
    if (commands.length >= COMMANDS_MAX) break;
  }
  return commands;
}

function unwrap(
  given: readonly string[],
  lookup: (name: string) => string | undefined,
  depth: number,
): readonly SimpleCommand[] {
  const assignments = new Map<string, string>();
  let words = takeAssignments(given, assignments);
  // Every round takes at least one word off, so this ends.
  for (let rest = startedBy(words); rest !== undefined; rest = startedBy(words)) {
    words = takeAssignments(rest, assignments);
  }
  const script = shellScript(words);
  if (script === undefined || depth >= SHELL_NESTING_MAX) return [{ assignments, words }];
  return readCommands(script, lookup, depth + 1).map((inner) => ({
    words: inner.words,
    assignments: new Map([...assignments, ...inner.assignments]),
  }));
}

function takeAssignments(
  words: readonly string[],
  assignments: Map<string, string>,
): readonly string[] {
  let at = 0;
  for (const word of words) {
    const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) break;
    assignments.set(key, value);
    at += 1;
  }
  return words.slice(at);
}

/** What a starter starts, `undefined` when the first word is none. */
function startedBy(words: readonly string[]): readonly string[] | undefined {
  const program = programName(words[0] ?? "");
  const operands = STARTERS_WITH_OPERAND[program];
  if (operands !== undefined && Object.hasOwn(STARTERS_WITH_OPERAND, program)) {
    return withoutOptions(words.slice(1), new Set(["-s", "-k"])).slice(operands);
  }
  const options = STARTERS.get(program);
  if (options !== undefined) return withoutOptions(words.slice(1), options);
  const runner = RUNNERS.get(program);
  const run =
    runner === undefined ? -1 : words.findIndex((word) => /^run(?:-program)?$/.test(word));
  return runner === undefined || run < 0 ? undefined : withoutOptions(words.slice(run + 1), runner);
}

function withoutOptions(
  words: readonly string[],
  withValue: ReadonlySet<string>,
): readonly string[] {
  let at = 0;
  while ((words[at] ?? "").startsWith("-")) {
    const word = words[at] ?? "";
    at += withValue.has(word) ? 2 : 1;
    if (word === "--") break;
  }
  return words.slice(at);
}

function shellScript(words: readonly string[]): string | undefined {
  if (!SHELLS.has(programName(words[0] ?? ""))) return undefined;
  const at = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : words[at + 1];
}

/** Base name without what systemd puts before a path (`-`, `@`, `:`, `+`, `!`; systemd.service(5)). */
export function programName(word: string): string {
  const path = word.replace(/^[-@:+!|]+/, "");
  return path.slice(path.lastIndexOf("/") + 1);
}
