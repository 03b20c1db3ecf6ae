/** An IP address in its 4 or 16 bytes. A mapped IPv4 address is given as IPv4. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bytes: readonly number[];
}

/** Reads an IPv4 address in dotted decimal or an IPv6 address (RFC 4291 section 2.2), brackets and zone allowed. */
export function parseIp(text: string): IpAddress | undefined {
  const bare = (text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text).replace(
    /%.*$/,
    "",
  );
  const v4 = parseIpv4(bare);
  if (v4 !== undefined) return { family: 4, bytes: v4 };
  const v6 = parseIpv6(bare);
  return v6 === undefined ? undefined : unmapped(v6);
}

function parseIpv4(text: string): readonly number[] | undefined {
  const words = text.split(".");
  if (words.length !== 4 || !words.every((word) => /^\d{1,3}$/.test(word))) return undefined;
  const bytes = words.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !text.includes(":")) return undefined;
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const start = groups(head);
  const end = tail === undefined ? [] : groups(tail);
  if (start === undefined || end === undefined) return undefined;
  const gap = 16 - start.length - end.length;
  if (tail === undefined ? gap !== 0 : gap < 2) return undefined;
  return [...start, ...Array<number>(gap).fill(0), ...end];
}

/** Bytes of `1:2:3` or `1:2:127.0.0.1`; `undefined` when a group is malformed. */
function groups(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const words = text.split(":");
  for (const [index, word] of words.entries()) {
    const v4 = index === words.length - 1 ? parseIpv4(word) : undefined;
    if (v4 !== undefined) bytes.push(...v4);
    else if (/^[0-9a-f]{1,4}$/i.test(word)) {
      const value = Number.parseInt(word, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** `::ffff:a.b.c.d` as `a.b.c.d` (RFC 4291 section 2.5.5.2); bytes must be 16. */
export function unmapped(bytes: readonly number[]): IpAddress {
  const isMapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? { family: 4, bytes: bytes.slice(12) } : { family: 6, bytes };
}

/** As text: dotted decimal, or the form of RFC 5952. */
export function showIp({ family, bytes }: IpAddress): string {
  if (family === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  const [start, length] = longestZeros(words);
  if (length < 2) return words.join(":");
  return `${words.slice(0, start).join(":")}::${words.slice(start + length).join(":")}`;
}

function longestZeros(words: readonly string[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (let at = 0; at <= words.length; at += 1) {
    if (words[at] === "0") continue;
    if (at - start > best[1]) best = [start, at - start];
    start = at + 1;
  }
  return best;
}

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1 (RFC 4291 section 2.5.3). */
function isLoopbackIp({ family, bytes }: IpAddress): boolean {
  if (family === 4) return bytes[0] === 127;
  return bytes.every((byte, at) => byte === (at === 15 ? 1 : 0));
}

/** A loopback address, `localhost` or a name below it (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  const ip = parseIp(host);
  if (ip !== undefined) return isLoopbackIp(ip);
  const name = host.toLowerCase().replace(/\.$/, "");
  return name === "localhost" || name.endsWith(".localhost");
}

/** Whether two texts name the same host: addresses by value, names without letter case and final dot. */
export function isSameHost(a: string, b: string): boolean {
  return canonicalHost(a) === canonicalHost(b);
}

function canonicalHost(host: string): string {
  const ip = parseIp(host);
  return ip === undefined ? host.toLowerCase().replace(/\.$/, "") : showIp(ip);
}
