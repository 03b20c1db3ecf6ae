import type { BlockPath } from "../../parsers/nginx/inherit.ts";
import { effectiveList, effectiveScalar } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { listenSockets, type NginxServer, type NginxSocket } from "../../parsers/nginx/server.ts";
import { isAtLeast } from "../tls-scan/configured.ts";
import { type NginxModel, valueInForce } from "./model.ts";
import { rejectsHandshakes } from "./serving.ts";

/** `ssl on;` made a server of any port speak TLS (CHANGES of nginx 1.25.1). */
const SSL_DIRECTIVE_UNTIL = "1.25.1";

/** Whether a version is known and at least this one. */
export function isSince(version: string | undefined, least: string): boolean {
  return version !== undefined && isAtLeast(version, least);
}

/** Whether a version is known and older than this one. */
export function isBefore(version: string | undefined, least: string): boolean {
  return version !== undefined && !isAtLeast(version, least);
}

const socketsOf = new WeakMap<NginxModel, readonly NginxSocket[]>();

/** Sockets where TLS is spoken, of `http` and of `stream`. */
export function tlsSockets(model: NginxModel): readonly NginxSocket[] {
  const known = socketsOf.get(model);
  if (known !== undefined) return known;
  const hasDirective = !isSince(model.version, SSL_DIRECTIVE_UNTIL);
  const isTls = ({ isSsl, isQuic, servers }: NginxSocket): boolean =>
    isSsl ||
    isQuic ||
    (hasDirective && servers.some(({ path }) => valueInForce(path, "ssl") === "on"));
  const sockets = [...model.sockets, ...listenSockets(model.streams)].filter(isTls);
  socketsOf.set(model, sockets);
  return sockets;
}

/** Servers that come to a handshake on one of their sockets, with the first such socket. */
export function handshakingServers(model: NginxModel): ReadonlyMap<NginxServer, NginxSocket> {
  const found = new Map<NginxServer, NginxSocket>();
  for (const socket of tlsSockets(model)) {
    for (const server of socket.servers) {
      if (!found.has(server) && !rejectsHandshakes(server)) found.set(server, socket);
    }
  }
  return found;
}

/** Whether the file has `http` servers that speak TLS. */
export function hasTls(model: NginxModel): boolean {
  return tlsSockets(model).length > 0;
}

/** The list of suites up to TLS 1.2 in force: `ssl_conf_command CipherString`, else `ssl_ciphers`. */
export function cipherListInForce(
  path: BlockPath,
): { readonly at: NginxDirective; readonly text: string } | undefined {
  const command = confCommand(path, "cipherstring");
  if (command !== undefined) return { at: command, text: command.args[1]?.text ?? "" };
  const at = effectiveScalar(path, "ssl_ciphers");
  return at === undefined ? undefined : { at, text: at.args.map(({ text }) => text).join(" ") };
}

/** The last `ssl_conf_command` of this name (lower case), which overrides nginx's own directives. */
export function confCommand(path: BlockPath, name: string): NginxDirective | undefined {
  return effectiveList(path, "ssl_conf_command").findLast(
    ({ args }) => args[0]?.text.toLowerCase() === name,
  );
}

/** `*:443`, `[::]:443`. */
export function showSocket({ address, port }: NginxSocket): string {
  return port === 0 ? address : `${address}:${port}`;
}
