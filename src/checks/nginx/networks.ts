/** An inclusive range of addresses of one family. */
export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;

/** `10.0.0.0/8`, `2001:db8::/32`, an address alone; `undefined` for what is none (a name, `unix:`). */
export function parseNetwork(text: string): AddressRange | undefined {
  const [address = "", prefix] = text.split("/");
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  const { family, value } = parsed;
  const bits = BITS[family];
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

function parseAddress(
  text: string,
): { readonly family: AddressRange["family"]; readonly value: bigint } | undefined {
  if (text.includes(":")) {
    const value = parseIpv6(text);
    return value === undefined ? undefined : { family: "ipv6", value };
  }
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: "ipv4", value };
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const url = URL.parse(`http://[${text}]/`);
  if (url === null) return undefined;
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const groups = (part: string): readonly string[] => (part === "" ? [] : part.split(":"));
  const before = groups(head);
  const after = groups(tail ?? "");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce(
    (value, group) => value * 65_536n + BigInt(`0x${group}`),
    0n,
  );
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
