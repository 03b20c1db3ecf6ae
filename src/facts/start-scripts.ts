import type { CollectContext } from "../core/fact.ts";
import { type CommandLine, readCommandLine } from "../parsers/command-line.ts";
import { dockerCommand, finalStage } from "../parsers/dockerfile.ts";
import type { ShellValue } from "../parsers/shell/expand.ts";
import { type BuiltImage, readImage } from "./image-file.ts";
import type { DebugFlag } from "./services.fact.ts";
import { followStart, type ScriptText, type Start, type StartedCommand } from "./start-run.ts";
import { baseName, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** A command that starts the application, and which service it belongs to. */
export interface StartCommand extends Start {
  readonly service: string;
  /** What is declared of its environment; a variable nobody declares is unknown by default. */
  readonly environment?: (name: string) => ShellValue;
}

/** What the shell scripts of the tree do that start commands name. */
export interface StartScripts {
  readonly debugFlags: readonly DebugFlag[];
  /** The files they source, relative to the audited directory where inside. */
  readonly sourced: readonly { readonly service: string; readonly path: string }[];
}

type Context = Pick<CollectContext, "host" | "target">;

const DOCKERFILE = "Dockerfile";
/** Words of the shell grammar that stand before a command (POSIX XCU 2.4). */
const RESERVED = /(^|[;&|\n(])[ \t]*(?:if|then|elif|else|while|until|do|!|\{)[ \t\n]+/g;

/** What the `Dockerfile` at the root starts, for a deployment that no unit or compose file declares. */
export async function dockerStart(
  context: Context,
): Promise<
  | (StartCommand & { readonly image: BuiltImage; readonly debugFlags: readonly DebugFlag[] })
  | undefined
> {
  const file = await readImage(context, { dockerfile: DOCKERFILE });
  const target = file === undefined ? undefined : finalStage(file);
  const start = file === undefined ? undefined : dockerCommand(file, target);
  if (start === undefined) return undefined;
  const image = {
    ...{ dockerfile: DOCKERFILE, context: "." },
    ...(target === undefined ? {} : { target }),
  };
  const service = DOCKERFILE;
  const place = { service, file: DOCKERFILE, line: start.line };
  const debugFlags = readCommandLine(start.text).debugFlags.map((flag) => ({
    ...place,
    text: flag,
  }));
  return { service, text: start.text, image, debugFlags };
}

/** Follows the scripts that `starts` name. */
export async function startScripts(
  context: Context,
  starts: readonly StartCommand[],
): Promise<StartScripts> {
  const debugFlags: DebugFlag[] = [];
  const sourced: StartScripts["sourced"][number][] = [];
  const seen = new Set<string>();
  for (const start of starts) {
    const { service, environment = () => ({ state: "unknown" }) } = start;
    const run = await followStart(context, start, environment);
    const read = [
      ...run.commands.map((command) => ({ command, line: readCommandLine(command.text) })),
      ...run.unread.flatMap(unreadCommands),
    ];
    for (const { command, line } of read) {
      const place = `${command.file}:${command.line}`;
      if (!seen.has(`flags ${place}`)) debugFlags.push(...flagsOf(service, command, line));
      seen.add(`flags ${place}`);
      sourced.push(...sourcedOf(context, service, line));
    }
  }
  return { debugFlags, sourced };
}

function flagsOf(
  service: string,
  { file, line, isCertain }: StartedCommand,
  { debugFlags }: CommandLine,
): readonly DebugFlag[] {
  const place = { service, file, line, ...(isCertain ? {} : { isPossible: true }) };
  return debugFlags.map((text) => ({ ...place, text }));
}

function sourcedOf(
  { target }: Context,
  service: string,
  { sourcedFiles }: CommandLine,
): StartScripts["sourced"] {
  return sourcedFiles.map((each) => ({
    service,
    path: shownPath(target.directory, sourcedPath(target.directory, each)),
  }));
}

/** Of a script that does not parse every line may run. */
function unreadCommands({ file, text }: ScriptText) {
  return text.split("\n").map((each, at) => {
    const command = { text: each, file, line: at + 1, isCertain: false };
    return { command, line: readCommandLine(each.replace(RESERVED, "$1 ")) };
  });
}

/** `$(dirname "$0")/.env` and the paths of an image mean the file of that name in the tree. */
function sourcedPath(directory: string, written: string): string {
  const path = resolveFrom(directory, written);
  const isTold = !written.includes("$") && !written.includes("`") && isWithin(directory, path);
  return isTold || !baseName(written).startsWith(".env")
    ? path
    : resolveFrom(directory, baseName(written));
}
