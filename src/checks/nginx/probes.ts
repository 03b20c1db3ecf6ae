import { findDirectives } from "../../parsers/nginx/inherit.ts";
import { parseLocation } from "../../parsers/nginx/location.ts";
import { samplePcre } from "../../parsers/nginx/pcre-sample.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import type { NginxServerName } from "../../parsers/nginx/server-name.ts";
import { isPrivateAddress } from "./access.ts";

/** Hosts and paths of one server that are tried. */
export const HOSTS_MAX = 50;
export const TARGETS_MAX = 60;

/** A host name that a word of `server_name` takes; `undefined` for none anyone asks for, or none that is known. */
export function sampleHost({ kind, value }: NginxServerName): string | undefined {
  switch (kind) {
    case "exact":
      return isNobodys(value) ? undefined : value;
    case "dotted":
      return value;
    case "leading":
      return `plimsoll.${value}`;
    case "trailing":
      return `${value}.test`;
    case "regex":
      return samplePcre(value, true);
    case "machine":
      return undefined;
  }
}

/** Names for which clients elsewhere do not ask: those of stock configurations, and private addresses. */
function isNobodys(name: string): boolean {
  return name === "" || name === "_" || name.includes("$") || isPrivateAddress(name);
}

/** One host for each name of a server. */
export function sampleHosts({ names }: NginxServer): readonly string[] {
  const hosts = names.slice(0, HOSTS_MAX).map(sampleHost);
  return [...new Set(hosts)].filter((host) => host !== undefined);
}

/** A path no location is made for. */
export const STRAY_TARGET = "/plimsoll-nobody-has-this";

/** Where files of the ACME protocol lie (RFC 8555, 8.3), which have to be there over plain HTTP. */
const ACME = /^\/\.well-known(?:\/|$)/;

/** The main page, a path nobody has, and one path for each location that clients can ask for. */
export function sampleTargets(server: NginxServer): readonly string[] {
  const located = findDirectives(server.path, "location").flatMap(({ directive }) => {
    const location = parseLocation(directive);
    const target = location === undefined ? undefined : targetOf(location.kind, location.value);
    return target === undefined || ACME.test(target) || !isAskable(target) ? [] : [target];
  });
  return [...new Set(["/", STRAY_TARGET, ...located])].slice(0, TARGETS_MAX);
}

function targetOf(
  kind: NonNullable<ReturnType<typeof parseLocation>>["kind"],
  value: string,
): string | undefined {
  switch (kind) {
    case "exact":
    case "prefix":
    case "prefix-no-regex":
      return value;
    case "regex":
    case "regex-caseless":
      return samplePcre(value, kind === "regex-caseless", "/");
    case "named":
      return undefined;
  }
}

/** Written as a client sends it: nothing in it that would have to be encoded. */
function isAskable(target: string): boolean {
  return /^\/[\w./~!$&'()*+,;=:@-]*$/.test(target);
}
