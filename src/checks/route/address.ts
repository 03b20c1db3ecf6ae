import { isLoopbackHost, isSameHost, parseIp } from "../../parsers/address.ts";

/**
 * Who can reach a socket bound to an address.
 *
 * - `loopback`: this machine only (127.0.0.0/8, ::1; RFC 6761 for `localhost`)
 * - `private`: a network that is not routed on the Internet (RFC 1918, RFC 4193, RFC 6598)
 * - `link-local`: the same link (RFC 3927, RFC 4291 section 2.5.6)
 * - `wildcard`: every address of the machine
 * - `public`: a global address
 * - `name`: a host name, whose addresses are not known here
 */
export type Reach = "loopback" | "private" | "link-local" | "wildcard" | "public" | "name";

/** The reach of an address as `ss`, a unit, a compose file or a proxy writes it; empty text is every address. */
export function reachOf(address: string): Reach {
  const text = bareAddress(address);
  // `0` is what inet_aton(3) makes of gunicorn's `--bind 0:8000`.
  if (text === "" || text === "*" || text === "0") return "wildcard";
  if (isLoopbackHost(text)) return "loopback";
  const ip = parseIp(text);
  if (ip === undefined) return "name";
  if (ip.bytes.every((byte) => byte === 0)) return "wildcard";
  return ip.family === 4 ? reachOfIpv4(ip.bytes) : reachOfIpv6(ip.bytes);
}

/** Only this machine gets there: a loopback address, or a unix socket as nginx, HAProxy and Caddy write it. */
export function isLocalAddress(address: string): boolean {
  return /^(?:unix|fd|abns|fdgram)[@:/+]|^\//.test(address) || isLoopbackHost(bareAddress(address));
}

export type Family = "v4" | "v6" | "any";

/** The address family of an address; `any` for `*`, empty text and names. A mapped IPv4 address is `v4`. */
export function familyOf(address: string): Family {
  const text = bareAddress(address);
  if (text === "0") return "v4";
  const ip = parseIp(text);
  return ip === undefined ? "any" : `v${ip.family}`;
}

/** Whether two texts name the same address: `[::1]` and `0:0:0:0:0:0:0:1` do. */
export function isSameAddress(a: string, b: string): boolean {
  return isSameHost(bareAddress(a), bareAddress(b));
}

/** `127.0.0.1:8000`, `[::1]:8000`, `*:8000` for every address. */
export function showEndpoint(address: string, port: number | string): string {
  const text = bareAddress(address);
  if (text === "") return `*:${port}`;
  return text.includes(":") ? `[${text}]:${port}` : `${text}:${port}`;
}

/** Lower case, without brackets, zone (`%eth0`) and the root dot of a name. */
function bareAddress(address: string): string {
  const text = address.trim().toLowerCase();
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const [bare = ""] = inner.split("%", 1);
  return bare.endsWith(".") ? bare.slice(0, -1) : bare;
}

function reachOfIpv4([a = 0, b = 0]: readonly number[]): Reach {
  if (a === 169 && b === 254) return "link-local";
  const isRfc1918 = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  const isShared = a === 100 && b >= 64 && b <= 127;
  return isRfc1918 || isShared ? "private" : "public";
}

function reachOfIpv6([a = 0, b = 0]: readonly number[]): Reach {
  if ((a & 0xfe) === 0xfc) return "private";
  return a === 0xfe && (b & 0xc0) === 0x80 ? "link-local" : "public";
}
