import { isPublicSuffix } from "./public-suffix.ts";

/**
 * Whose rules a pattern follows: Django (`.example.test` takes subdomains, `*` alone takes all),
 * Starlette (`*.example.test`), Werkzeug (`.example.test`, no `*` at all; a port is legal in
 * Flask's `SERVER_NAME`).
 */
export type HostDialect = "django" | "starlette" | "werkzeug";

/** What is wrong with one entry of an allow-list, or the note that belongs to a good one. */
export type HostVerdict =
  | { readonly isGood: true; readonly note?: string }
  | { readonly isGood: false; readonly rule: HostRule; readonly says: string };

export type HostRule =
  | "wildcard"
  | "whole-suffix"
  | "scheme"
  | "path"
  | "port"
  | "embedded-wildcard"
  | "not-a-host-name";

const NEVER_MATCHES = "so it never matches a Host header";
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Letters of any script, as an internationalised name may be written; `_` for container names. */
const LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u;

/** Judges one entry, blanks and quotes already taken off. */
export function judgeHost(entry: string, dialect: HostDialect): HostVerdict {
  if (entry === "*") return bad("wildcard", "takes every Host header");
  const suffix = suffixOf(entry, dialect);
  if (suffix !== undefined) return judgeSuffix(entry, suffix);
  if (isBracketedIpv6(entry)) return { isGood: true };
  if (entry.includes("://")) return bad("scheme", `has a scheme, ${NEVER_MATCHES}`);
  if (entry.includes("/")) return bad("path", `has a path, ${NEVER_MATCHES}`);
  if (entry.includes("*")) return bad("embedded-wildcard", `has a * inside, ${NEVER_MATCHES}`);
  const name = dialect === "werkzeug" ? entry.replace(/:\d{1,5}$/, "") : entry;
  if (/:\d{1,5}$/.test(name)) return bad("port", `has a port, ${NEVER_MATCHES}`);
  if (IPV4.test(name) || isHostName(name)) return { isGood: true };
  return bad("not-a-host-name", `is no host name, ${NEVER_MATCHES}`);
}

function bad(rule: HostRule, says: string): HostVerdict {
  return { isGood: false, rule, says };
}

/** The name behind the mark that takes subdomains: `.name`, in Starlette `*.name`. */
function suffixOf(entry: string, dialect: HostDialect): string | undefined {
  const mark = dialect === "starlette" ? "*." : ".";
  return entry.startsWith(mark) ? entry.slice(mark.length) : undefined;
}

function judgeSuffix(entry: string, suffix: string): HostVerdict {
  if (!isHostName(suffix)) return bad("not-a-host-name", `is no host name, ${NEVER_MATCHES}`);
  if (isPublicSuffix(suffix)) {
    return bad("whole-suffix", "takes names that anyone may register");
  }
  return { isGood: true, note: `${entry} takes every subdomain of ${suffix}` };
}

function isBracketedIpv6(entry: string): boolean {
  return /^\[[0-9a-f:.]{2,45}\]$/i.test(entry) && entry.includes(":");
}

function isHostName(name: string): boolean {
  const labels = name.replace(/\.$/, "").split(".");
  return name.length <= HOST_NAME_LENGTH_MAX && labels.every((label) => LABEL.test(label));
}

/** RFC 1035 section 2.3.4, in text form. */
const HOST_NAME_LENGTH_MAX = 253;

/** Names that do not leave the machine or the local network (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`). */
const LOCAL_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "lan",
  "home",
  "home.arpa",
  "corp",
] as const;

/**
 * Whether a host name can be one of the public Internet: at least two labels and under none of
 * the local suffixes. `.test` counts as public, since documentation and staging use it for such.
 */
export function isPublicName(name: string): boolean {
  const lower = name
    .toLowerCase()
    .replace(/^\*?\./, "")
    .replace(/\.$/, "");
  if (!lower.includes(".") || IPV4.test(lower) || !isHostName(lower)) return false;
  return !LOCAL_SUFFIXES.some((suffix) => lower.endsWith(`.${suffix}`));
}
