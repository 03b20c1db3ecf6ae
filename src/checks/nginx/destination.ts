import { isLoopbackHost, parseIp } from "../../parsers/address.ts";
import { type BlockPath, ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { type PassTarget, upstreamBlock } from "../../parsers/nginx/upstream.ts";

/** Where a request goes, as far as the text of a configuration tells. */
export type Whereabouts = "this-machine" | "private" | "public" | "wildcard" | "unknown";

/** Endings of names that no public name has (RFC 6762, 8375, 6761; Kubernetes, Docker, Consul). */
const PRIVATE_NAME =
  /(?:^|\.)(?:internal|intranet|private|corp|home|lan|local|localdomain|home\.arpa|svc|docker|consul|test|invalid|onion)$/;

/** By address, or by the form of the name; a name of one word is one of a local network or a container. */
export function whereabouts({ kind, host }: Pick<PassTarget, "kind" | "host">): Whereabouts {
  if (kind === "unix") return "this-machine";
  if (kind === "unresolved") return "unknown";
  const ip = parseIp(host);
  if (ip?.bytes.every((byte) => byte === 0)) return "wildcard";
  if (isLoopbackHost(host)) return "this-machine";
  if (ip !== undefined) return isPrivateIp(ip.bytes) ? "private" : "public";
  const name = host.replace(/\.$/, "");
  return !name.includes(".") || PRIVATE_NAME.test(name) ? "private" : "public";
}

/** RFC 1918, RFC 3927, RFC 6598; RFC 4193 and RFC 4291 2.5.6 for 16 bytes. */
export function isPrivateIp(bytes: readonly number[]): boolean {
  const [first = 0, second = 0] = bytes;
  if (bytes.length === 16)
    return (first & 0xfe) === 0xfc || (first === 0xfe && (second & 0xc0) === 0x80);
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

/** The `server` line of the `upstream` a target comes from; `undefined` where it is named directly. */
export function memberOf(
  path: BlockPath,
  { upstream, host }: PassTarget,
): NginxDirective | undefined {
  const block = upstream === undefined ? undefined : upstreamBlock(path, upstream);
  return ownDirectives(block === undefined ? [] : [block], "server").find(({ args }) =>
    isAddressOf(args[0]?.text.toLowerCase() ?? "", host),
  );
}

function isAddressOf(text: string, host: string): boolean {
  const bare = text.replace(/^\[([^\]]*)\](?::\d+)?$/, "$1");
  return text === `unix:${host}` || bare === host || bare.replace(/:\d+$/, "") === host;
}
