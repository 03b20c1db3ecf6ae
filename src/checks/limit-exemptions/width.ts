import { type AddressRange, covers, parseNetwork } from "../nginx/networks.ts";

/** Addresses of a /24 and of a /48: what a list of trusted addresses may name in one entry (catalog). */
const WIDEST = { ipv4: 1n << 8n, ipv6: 1n << 80n } as const;
const LOOPBACK: readonly AddressRange[] = ["127.0.0.0/8", "::1"].flatMap(
  (text) => parseNetwork(text) ?? [],
);
const EVERYBODY = /^(?:\*|all|any)$/i;

export type Width = "narrow" | "wide" | "everybody";

/**
 * How many an entry of a list lets past: an address, a network, a range `a-b`, or the beginning of
 * addresses (`10.`, `192.168.*`). `undefined` for what is none of them: a host's name, a path.
 */
export function exemptionWidth(written: string): Width | undefined {
  const text = written.trim();
  if (EVERYBODY.test(text)) return "everybody";
  const range = parseNetwork(text) ?? betweenOf(text) ?? parseNetwork(prefixOf(text));
  if (range === undefined) return undefined;
  const count = range.last - range.first + 1n;
  if (covers(LOOPBACK, range) || count <= WIDEST[range.family]) return "narrow";
  return range.first === 0n && /\/0$/.test(text) ? "everybody" : "wide";
}

function betweenOf(text: string): AddressRange | undefined {
  const [from = "", to, ...others] = text.split("-");
  const first = parseNetwork(from.trim());
  const last = to === undefined ? undefined : parseNetwork(to.trim());
  if (first === undefined || last === undefined || others.length > 0) return undefined;
  if (first.family !== last.family || last.last < first.first) return undefined;
  return { family: first.family, first: first.first, last: last.last };
}

/** `10.` and `192.168.*` as the network that begins so. */
function prefixOf(text: string): string {
  const parts = /^((?:\d{1,3}\.){1,3})(?:\*(?:\.\*){0,2})?$/.exec(text)?.[1]?.split(".") ?? [];
  const octets = parts.filter((part) => part !== "");
  if (octets.length === 0) return "";
  const filled = [...octets, "0", "0", "0"].slice(0, 4);
  return `${filled.join(".")}/${8 * octets.length}`;
}
