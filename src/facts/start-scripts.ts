import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { readCommands } from "../parsers/command-line/simple-command.ts";
import { readCommandLine } from "../parsers/command-line.ts";
import { dockerCommand, parseDockerfile } from "../parsers/dockerfile.ts";
import { attempt } from "./attempt.ts";
import type { DebugFlag } from "./services.fact.ts";
import { baseName, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** A command that starts the application, and which service it belongs to. */
export interface StartCommand {
  readonly service: string;
  readonly text: string;
}

/** What the shell scripts of the tree do that start commands name. */
export interface StartScripts {
  readonly debugFlags: readonly DebugFlag[];
  /** The files they source, relative to the audited directory where inside. */
  readonly sourced: readonly { readonly service: string; readonly path: string }[];
}

type Context = Pick<CollectContext, "host" | "target">;

const DOCKERFILE = "Dockerfile";
const TEXT_BYTES_MAX = 262_144;
/** Scripts of one deployment; a script that starts another one is followed no further. */
const SCRIPTS_MAX = 8;
/** Where repositories keep what an image has elsewhere (`/usr/local/bin/entrypoint.sh`). */
const SCRIPT_DIRECTORIES = ["", "bin", "scripts", "docker", "deploy"] as const;
const SHELL_LINE = /^#!.{0,60}\b(?:ba|da|a|z|k)?sh\b/;
/** Words of the shell grammar that stand before a command (POSIX XCU 2.4). */
const RESERVED = /(^|[;&|\n(])[ \t]*(?:if|then|elif|else|while|until|do|!|\{)[ \t\n]+/g;
const NOTHING: StartScripts = { debugFlags: [], sourced: [] };

/** What the `Dockerfile` at the root starts, for a deployment that no unit or compose file declares. */
export async function dockerStart(
  context: Context,
): Promise<(StartCommand & { readonly debugFlags: readonly DebugFlag[] }) | undefined> {
  const text = await textOf(context, resolveFrom(context.target.directory, DOCKERFILE));
  const start = text === undefined ? undefined : dockerCommand(parseDockerfile(text));
  if (start === undefined) return undefined;
  const service = DOCKERFILE;
  const place = { service, file: DOCKERFILE, line: start.line };
  const debugFlags = readCommandLine(start.text).debugFlags.map((flag) => ({
    ...place,
    text: flag,
  }));
  return { service, text: start.text, debugFlags };
}

/** Reads the scripts that `starts` name, each once. */
export async function startScripts(
  context: Context,
  starts: readonly StartCommand[],
): Promise<StartScripts> {
  const found = new Map<string, StartScripts>();
  for (const { service, text } of starts) {
    for (const word of scriptWords(text)) {
      const script = await readScript(context, word);
      if (script === undefined || found.size >= SCRIPTS_MAX) continue;
      found.set(script.path, scriptOf(context, service, script));
    }
  }
  return [...found.values()].reduce(
    (all, { debugFlags, sourced }) => ({
      debugFlags: [...all.debugFlags, ...debugFlags],
      sourced: [...all.sourced, ...sourced],
    }),
    NOTHING,
  );
}

/** The program of each command, or the script that a shell is given. */
function scriptWords(text: string): readonly string[] {
  return readCommands(text, () => undefined).flatMap(({ words }) => {
    const [program = "", ...others] = words;
    const isShell = /^(?:ba|da|a|z|k)?sh$/.test(baseName(program));
    const word = isShell ? others.find((each) => !each.startsWith("-")) : program;
    // systemd puts signs before a path (systemd.service(5)).
    return word === undefined ? [] : [word.replace(/^[-@:+!|]+/, "")];
  });
}

interface Script {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

async function readScript(context: Context, word: string): Promise<Script | undefined> {
  const name = baseName(word);
  if (!/^[\w.-]+$/.test(name)) return undefined;
  const { directory } = context.target;
  const beside = SCRIPT_DIRECTORIES.map((each) => resolveFrom(`${directory}/${each}`, name));
  const isNamed = word.includes("/") || name.endsWith(".sh");
  const own = resolveFrom(directory, word);
  for (const path of isNamed ? [own, ...beside] : []) {
    if (!isWithin(directory, path)) continue;
    const text = await textOf(context, path);
    if (text !== undefined) return SHELL_LINE.test(text) ? { path, text } : undefined;
  }
  return undefined;
}

function scriptOf({ target }: Context, service: string, { path, text }: Script): StartScripts {
  const { debugFlags, sourcedFiles } = readCommandLine(text.replace(RESERVED, "$1 "));
  const file = shownPath(target.directory, path);
  const lines = text.split("\n");
  return {
    debugFlags: debugFlags.map((flag) => ({
      service,
      text: flag,
      file,
      line: lines.findIndex((line) => line.includes(flag)) + 1,
    })),
    sourced: sourcedFiles.map((each) => ({
      service,
      path: shownPath(target.directory, sourcedPath(target.directory, each)),
    })),
  };
}

/** `$(dirname "$0")/.env` and the paths of an image mean the file of that name in the tree. */
function sourcedPath(directory: string, written: string): string {
  const path = resolveFrom(directory, written);
  const isTold = !written.includes("$") && !written.includes("`") && isWithin(directory, path);
  return isTold || !baseName(written).startsWith(".env")
    ? path
    : resolveFrom(directory, baseName(written));
}

async function textOf({ host }: Context, path: string): Promise<string | undefined> {
  return knownValue(await attempt(() => host.readFile(path, TEXT_BYTES_MAX)));
}
