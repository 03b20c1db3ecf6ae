/** A site address taken apart. */
export interface CaddyAddress {
  readonly scheme: "" | "http" | "https";
  /** Without brackets; empty: any host. */
  readonly host: string;
  /** `undefined`: none written. */
  readonly port: number | undefined;
  readonly path: string;
  /** Holds a placeholder whose value is not known: neither host nor port can be told. */
  readonly isUnresolved: boolean;
}

/** Longer addresses are refused by Caddy too (caddyconfig/httpcaddyfile/addresses.go). */
const ADDRESS_CHARACTERS_MAX = 4_096;

/** Takes a site address apart: `https://host:port/path`, every part of it optional. */
export function parseCaddyAddress(text: string): CaddyAddress {
  const trimmed = text.trim().slice(0, ADDRESS_CHARACTERS_MAX);
  const separator = trimmed.indexOf("://");
  const word = separator === -1 ? "" : trimmed.slice(0, separator).toLowerCase();
  const rest = separator === -1 ? trimmed : trimmed.slice(separator + 3);
  const slash = rest.indexOf("/");
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const { host, port } = splitHostPort(authority);
  return {
    scheme: word === "http" || word === "https" ? word : "",
    host: host.toLowerCase(),
    port: /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? Number(port) : undefined,
    path: slash === -1 ? "" : rest.slice(slash),
    isUnresolved: /\{[^}]*\}/.test(trimmed) || (port !== "" && !/^\d{1,5}$/.test(port)),
  };
}

/** `[::1]:80`, `::1`, `host:80`, `:80`, `host`. A placeholder's own colon is no separator. */
function splitHostPort(authority: string): { host: string; port: string } {
  if (authority.startsWith("[")) {
    const end = authority.indexOf("]");
    if (end === -1) return { host: authority, port: "" };
    return { host: authority.slice(1, end), port: authority.slice(end + 1).replace(/^:/, "") };
  }
  const colon = authority.lastIndexOf(":");
  if (colon === -1 || authority.indexOf("}", colon) !== -1) return { host: authority, port: "" };
  if (authority.indexOf(":") !== colon) return { host: authority, port: "" };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) };
}
