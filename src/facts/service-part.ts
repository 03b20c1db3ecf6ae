import { maskCommandLine } from "../parsers/command-line/mask.ts";
import type { CommandLine } from "../parsers/command-line.ts";
import type { Bind, DebugFlag, PublishedPort, Service } from "./services.fact.ts";
import { resolveFrom, shownPath } from "./target-path.ts";

/** One service with all that its declaration says. */
export interface ServicePart {
  readonly service: Service;
  /** Base name of the program that serves: `gunicorn`. */
  readonly program: string;
  readonly binds: readonly Bind[];
  readonly debugFlags: readonly DebugFlag[];
  readonly published: readonly PublishedPort[];
  /** Where a gunicorn without `--bind` looks for its configuration, absolute; absent for others. */
  readonly gunicornConfig?: string;
}

/** Where a command was read. */
export interface CommandPlace {
  readonly service: string;
  readonly isInContainer: boolean;
  readonly file?: string;
  readonly line?: number;
}

/** Binds and debug flags of a command line, placed and masked. */
export function placeCommand(
  { binds, debugFlags }: CommandLine,
  { service, isInContainer, file, line }: CommandPlace,
): { readonly binds: readonly Bind[]; readonly debugFlags: readonly DebugFlag[] } {
  const place = {
    service,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
  return {
    binds: binds.map(({ address, port, isUnixSocket, text }) => ({
      ...place,
      address,
      port,
      isUnixSocket,
      isInContainer,
      text: maskCommandLine(text),
    })),
    debugFlags: debugFlags.map((text) => ({ ...place, text: maskCommandLine(text) })),
  };
}

/** Sourced files relative to the audited directory where inside it. */
export function shownFiles(
  directory: string,
  base: string,
  files: readonly string[],
): readonly string[] {
  return files.map((file) => shownPath(directory, resolveFrom(base, file)));
}

/** A gunicorn that nobody tells an address reads `gunicorn.conf.py` of its directory. */
export function gunicornConfig(command: CommandLine, directory: string): string | undefined {
  if (command.program !== "gunicorn") return undefined;
  if (command.binds.some(({ isDefault }) => !isDefault)) return undefined;
  return resolveFrom(directory, command.configFile ?? "gunicorn.conf.py");
}
