import { type BlockPath, effectiveList, pathInto } from "../../parsers/nginx/inherit.ts";
import { locationsIn } from "../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { answersAll } from "./content.ts";
import type { NginxModel } from "./model.ts";

/** Logs that are switched off for what a server answers in general: single locations may be spared. */
export interface SilentServer {
  readonly server: NginxServer;
  readonly at: NginxDirective;
}

/** The servers whose every `access_log` or `error_log` in force leads nowhere. */
export function silentServers(
  { servers }: NginxModel,
  name: "access_log" | "error_log",
): readonly SilentServer[] {
  return servers.flatMap((server) => {
    const logs = effectiveList(mainPath(server), name);
    const [first] = logs;
    const isSilent = logs.every(({ args }) => leadsNowhere(args[0]?.text ?? ""));
    return first === undefined || !isSilent ? [] : [{ server, at: first }];
  });
}

/** Where most requests of a server end: its `location /`, or itself. */
function mainPath(server: NginxServer): BlockPath {
  if (answersAll(server) !== undefined) return server.path;
  const all = locationsIn(server.path).find(
    ({ kind, value }) => /^prefix/.test(kind) && value === "/",
  );
  return all === undefined ? server.path : pathInto(server.path, all.directive);
}

/** `error_log off` writes to a file of that name, which is hardly what was meant. */
function leadsNowhere(text: string): boolean {
  return text === "off" || text === "/dev/null";
}
