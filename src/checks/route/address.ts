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

/** RFC 4291 section 2.2: eight groups of 16 bits. */
const GROUPS = 8;
const GROUP_MAX = 0xffff;
const OCTET_MAX = 255;

/** The reach of an address as `ss`, a unit, a compose file or a proxy writes it; empty text is every address. */
export function reachOf(address: string): Reach {
  const text = bareAddress(address);
  // `0` is what inet_aton(3) makes of gunicorn's `--bind 0:8000`.
  if (text === "" || text === "*" || text === "0") return "wildcard";
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return reachOfIpv4(v4);
  const groups = parseIpv6(text);
  if (groups !== undefined) return reachOfIpv6(groups);
  return text === "localhost" || text.endsWith(".localhost") ? "loopback" : "name";
}

export type Family = "v4" | "v6" | "any";

/** The address family of an address; `any` for `*`, empty text and names. A mapped IPv4 address is `v4`. */
export function familyOf(address: string): Family {
  const text = bareAddress(address);
  if (text === "0" || parseIpv4(text) !== undefined) return "v4";
  const groups = parseIpv6(text);
  if (groups === undefined) return "any";
  return mappedIpv4(groups) === undefined ? "v6" : "v4";
}

/** Whether two texts name the same address: `[::1]` and `0:0:0:0:0:0:0:1` do. */
export function isSameAddress(a: string, b: string): boolean {
  return canonicalAddress(a) === canonicalAddress(b);
}

/** `127.0.0.1:8000`, `[::1]:8000`, `*:8000` for every address. */
export function showEndpoint(address: string, port: number | string): string {
  const text = bareAddress(address);
  if (text === "") return `*:${port}`;
  return text.includes(":") ? `[${text}]:${port}` : `${text}:${port}`;
}

function canonicalAddress(address: string): string {
  const text = bareAddress(address);
  const groups = parseIpv6(text);
  const v4 = groups === undefined ? parseIpv4(text) : mappedIpv4(groups);
  if (v4 !== undefined) return v4.join(".");
  return groups === undefined ? text : groups.map((group) => group.toString(16)).join(":");
}

/** Lower case, without brackets, zone (`%eth0`) and the root dot of a name. */
function bareAddress(address: string): string {
  const text = address.trim().toLowerCase();
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const [bare = ""] = inner.split("%", 1);
  return bare.endsWith(".") ? bare.slice(0, -1) : bare;
}

type Octets = readonly [number, number, number, number];

function parseIpv4(text: string): Octets | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = match.slice(1).map(Number);
  return Math.max(a, b, c, d) > OCTET_MAX ? undefined : [a, b, c, d];
}

function reachOfIpv4([a, b, c, d]: Octets): Reach {
  if (a === 0 && b === 0 && c === 0 && d === 0) return "wildcard";
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  const isRfc1918 = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  const isShared = a === 100 && b >= 64 && b <= 127;
  return isRfc1918 || isShared ? "private" : "public";
}

function reachOfIpv6(groups: readonly number[]): Reach {
  const v4 = mappedIpv4(groups);
  if (v4 !== undefined) return reachOfIpv4(v4);
  const [first = 0] = groups;
  const isZeroUpToLast = groups.slice(0, -1).every((group) => group === 0);
  if (isZeroUpToLast && groups.at(-1) === 0) return "wildcard";
  if (isZeroUpToLast && groups.at(-1) === 1) return "loopback";
  if ((first & 0xfe00) === 0xfc00) return "private";
  return (first & 0xffc0) === 0xfe80 ? "link-local" : "public";
}

/** RFC 4291 section 2.5.5.2: `::ffff:a.b.c.d`. */
function mappedIpv4(groups: readonly number[]): Octets | undefined {
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === GROUP_MAX;
  if (!isMapped) return undefined;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & OCTET_MAX, low >> 8, low & OCTET_MAX];
}

function parseIpv6(text: string): readonly number[] | undefined {
  if (!text.includes(":")) return undefined;
  const halves = withHexTail(text)?.split("::");
  if (halves === undefined || halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const words = tail === undefined ? head : [...head, ...Array(missing).fill("0"), ...tail];
  return words.every((word) => /^[0-9a-f]{1,4}$/.test(word))
    ? words.map((word) => Number.parseInt(word, 16))
    : undefined;
}

/** The text with a dotted tail (`::ffff:127.0.0.1`) written as two groups. */
function withHexTail(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const at = text.lastIndexOf(":") + 1;
  const v4 = parseIpv4(text.slice(at));
  if (v4 === undefined) return undefined;
  const [a, b, c, d] = v4;
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
