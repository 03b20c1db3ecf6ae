import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { readCommands } from "../parsers/command-line/simple-command.ts";
import { contextFilesAt } from "../parsers/dockerfile.ts";
import type { ShellValue } from "../parsers/shell/expand.ts";
import { followShell } from "../parsers/shell/run.ts";
import type { ShellEnd } from "../parsers/shell/state.ts";
import { attempt } from "./attempt.ts";
import { type BuiltImage, readImage } from "./image-file.ts";
import { baseName, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** A start command as declared, and the image it runs in where one is built. */
export interface Start {
  readonly text: string;
  readonly image?: BuiltImage;
}

/** A command that a start script runs. */
export interface StartedCommand {
  /** Its words, quoted where they need it; what is not known as written. */
  readonly text: string;
  /** Relative to the audited directory where inside. */
  readonly file: string;
  readonly line: number;
  /** Whether it is run whatever the script finds. */
  readonly isCertain: boolean;
}

/** A variable that a start script exports to what it starts. */
export interface StartExport {
  readonly key: string;
  /** `unset`: it takes the variable away; `unknown`: under a condition, or from a command. */
  readonly value: ShellValue;
  readonly file: string;
  readonly line: number;
  /** The script sources a file afterwards, which may set it again. */
  readonly isEarly?: boolean;
}

export interface StartRun {
  readonly commands: readonly StartedCommand[];
  readonly exports: readonly StartExport[];
  /** Scripts that are no shell this reader knows: what they do is not known. */
  readonly unread: readonly ScriptText[];
}

export interface ScriptText {
  readonly file: string;
  readonly text: string;
}

type Context = Pick<CollectContext, "host" | "target">;
type Environment = (name: string) => ShellValue;

const SCRIPT_BYTES_MAX = 262_144;
/** Scripts that start scripts. */
export const SCRIPTS_DEEP_MAX = 3;
/** Scripts read for one start command. */
export const SCRIPTS_MAX = 8;
/** Where repositories keep what an image has elsewhere (`/usr/local/bin/entrypoint.sh`). */
const SCRIPT_DIRECTORIES = ["", "bin", "scripts", "docker", "deploy"] as const;
const CANDIDATES_MAX = 12;
const SHELL_LINE = /^#!.{0,60}\b(?:ba|da|a|z|k)?sh\b|^\s*exec\s|\n\s*exec\s/;
const SHELL = /^(?:ba|da|a|z|k)?sh$/;

/** Follows the shell scripts of the tree that a start command names; nothing is run. */
export async function followStart(
  context: Context,
  { text, image }: Start,
  environment: Environment,
): Promise<StartRun> {
  const run: Run = { context, image, commands: [], unread: [], left: SCRIPTS_MAX };
  const ends: Exports[] = [];
  for (const words of startedWords(text)) {
    ends.push(...(await followWords(run, words, environment, 0)));
  }
  return { commands: run.commands, unread: run.unread, exports: mergeExports(ends) };
}

type Exports = ReadonlyMap<string, StartExport>;

interface Run {
  readonly context: Context;
  readonly image: BuiltImage | undefined;
  readonly commands: StartedCommand[];
  readonly unread: ScriptText[];
  left: number;
}

/** The commands of a start line as words; what a shell is given to run is taken out of it. */
function startedWords(text: string): readonly (readonly string[])[] {
  return readCommands(text, () => undefined).map(({ words }) => words);
}

/** What each way through the script exports; nothing where the words name no script. */
async function followWords(
  run: Run,
  words: readonly string[],
  environment: Environment,
  depth: number,
): Promise<readonly Exports[]> {
  const isShell = SHELL.test(baseName(words[0] ?? ""));
  const first = isShell ? words.findIndex((word, at) => at > 0 && !/^[-+]/.test(word)) : 0;
  const script = first < 0 ? undefined : await findScript(run, words[first] ?? "");
  if (script === undefined) return [];
  const followed = followShell(script.text, words.slice(first + 1), environment);
  if (!followed.ok) {
    run.unread.push(script);
    return [openExports(script)];
  }
  const { file } = script;
  const commands = followed.commands.map(({ words: own, line, isCertain }) => ({
    text: lineOf(own),
    file,
    line,
    isCertain,
  }));
  run.commands.push(...commands);
  const found: Exports[] = [];
  for (const end of followed.ends) {
    found.push(...(await followEnd(run, file, end, environment, depth)));
  }
  return found;
}

/** Of a script that does not parse every variable it exports by name. */
function openExports({ file, text }: ScriptText): Exports {
  const found = new Map<string, StartExport>();
  for (const [at, line] of text.split("\n").entries()) {
    const key = /^\s*export\s+([A-Za-z_]\w*)/.exec(line)?.[1];
    if (key !== undefined) found.set(key, { key, value: { state: "unknown" }, file, line: at + 1 });
  }
  return found;
}

async function followEnd(
  run: Run,
  file: string,
  { words, exports }: ShellEnd,
  environment: Environment,
  depth: number,
): Promise<readonly Exports[]> {
  const own: Exports = new Map(
    [...exports].map(([key, variable]) => [key, { key, file, ...variable }]),
  );
  if (depth + 1 >= SCRIPTS_DEEP_MAX) return [own];
  const inner = (name: string) => exports.get(name)?.value ?? environment(name);
  const [next = []] = startedWords(lineOf(words));
  const deeper = await followWords(run, next, inner, depth + 1);
  return deeper.length === 0 ? [own] : deeper.map((each) => new Map([...own, ...each]));
}

/** What all ways agree on; of the rest the place alone. */
function mergeExports(ends: readonly Exports[]): readonly StartExport[] {
  const keys = new Set(ends.flatMap((exports) => [...exports.keys()]));
  return [...keys].flatMap((key) => {
    const found = ends.map((exports) => exports.get(key));
    const [first] = found.filter((each) => each !== undefined);
    if (first === undefined) return [];
    const shown = JSON.stringify(first.value);
    const isSame = found.every((each) => JSON.stringify(each?.value) === shown);
    return [isSame ? first : { ...first, value: { state: "unknown" } as const }];
  });
}

function lineOf(words: readonly string[]): string {
  return words.map(quotedWord).join(" ");
}

function quotedWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function findScript(run: Run, written: string): Promise<ScriptText | undefined> {
  // systemd puts signs before a path (systemd.service(5)).
  const word = written.replace(/^[-@:+!|]+/, "");
  const { directory } = run.context.target;
  if (!/^[\w.-]+$/.test(baseName(word)) || run.left <= 0) return undefined;
  for (const path of (await candidates(run, word)).slice(0, CANDIDATES_MAX)) {
    if (!isWithin(directory, path)) continue;
    const text = await textOf(run.context, path);
    if (text === undefined) continue;
    if (!SHELL_LINE.test(text)) return undefined;
    run.left -= 1;
    return { file: shownPath(directory, path), text };
  }
  return undefined;
}

/** The path itself, what the image copies there, then files of that name in the usual places. */
async function candidates({ context, image }: Run, word: string): Promise<readonly string[]> {
  const { directory } = context.target;
  const name = baseName(word);
  const built = image === undefined ? undefined : await readImage(context, image);
  const base = resolveFrom(directory, image?.context ?? ".");
  const copied =
    built === undefined
      ? []
      : contextFilesAt(built, word).map((each) => resolveFrom(base, each.replace(/^\/+/, "")));
  const isNamed = word.includes("/") || name.endsWith(".sh");
  const beside = SCRIPT_DIRECTORIES.map((each) => resolveFrom(`${directory}/${each}`, name));
  return [
    ...(isNamed ? [resolveFrom(directory, word)] : []),
    ...copied,
    ...(isNamed ? beside : []),
  ];
}

async function textOf({ host }: Context, path: string): Promise<string | undefined> {
  return knownValue(await attempt(() => host.readFile(path, SCRIPT_BYTES_MAX)));
}
