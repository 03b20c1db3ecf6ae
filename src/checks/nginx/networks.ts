import { parseIp } from "../../parsers/address.ts";

/** An inclusive range of addresses of one family. */
export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
/** Of `::ffff:a.b.c.d`, before the bytes of the IPv4 address (RFC 4291 section 2.5.5.2): a network of IPv6 as written. */
const MAPPED_PREFIX = 0xffffn;

/** `10.0.0.0/8`, `2001:db8::/32`, an address alone; `undefined` for what is none (a name, `unix:`). */
export function parseNetwork(text: string): AddressRange | undefined {
  const [address = "", prefix] = text.split("/");
  const ip = parseIp(address);
  if (ip === undefined) return undefined;
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const bits = BITS[family];
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const isMapped = family === "ipv6" && ip.family === 4;
  const value = ip.bytes.reduce(
    (sum, byte) => sum * 256n + BigInt(byte),
    isMapped ? MAPPED_PREFIX : 0n,
  );
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

/** Whether ranges of one family, taken together, hold all of another range. */
export function covers(
  ranges: readonly AddressRange[],
  { family, first, last }: AddressRange,
): boolean {
  const sorted = ranges
    .filter((range) => range.family === family)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let next = first;
  for (const range of sorted) {
    if (range.first > next) break;
    if (range.last >= next) next = range.last + 1n;
  }
  return next > last;
}
