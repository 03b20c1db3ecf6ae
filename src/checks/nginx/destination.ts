import { type BlockPath, ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { type PassTarget, upstreamBlock } from "../../parsers/nginx/upstream.ts";
import { type Reach, reachOf } from "../route/address.ts";

/** Where a request goes, as far as the text of a configuration tells. */
export type Whereabouts = "this-machine" | "private" | "public" | "wildcard" | "unknown";

/** Endings of names that no public name has (RFC 6762, 8375, 6761; Kubernetes, Docker, Consul). */
const PRIVATE_NAME =
  /(?:^|\.)(?:internal|intranet|private|corp|home|lan|local|localdomain|home\.arpa|svc|docker|consul|test|invalid|onion)$/;

/** By address, or by the form of the name; a name of one word is one of a local network or a container. */
export function whereabouts({ kind, host }: Pick<PassTarget, "kind" | "host">): Whereabouts {
  if (kind === "unix") return "this-machine";
  if (kind === "unresolved") return "unknown";
  const reach = reachOf(host);
  if (reach !== "name") return PLACES[reach];
  const name = host.replace(/\.$/, "");
  return !name.includes(".") || PRIVATE_NAME.test(name) ? "private" : "public";
}

const PLACES: Readonly<Record<Exclude<Reach, "name">, Whereabouts>> = {
  loopback: "this-machine",
  private: "private",
  "link-local": "private",
  wildcard: "wildcard",
  public: "public",
};

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
