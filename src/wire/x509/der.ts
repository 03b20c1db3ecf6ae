/** Everything here answers `undefined` for what is not DER (X.690) instead of throwing: certificates come from strangers. */

/** Children read of one constructed value: more is no certificate. */
export const DER_CHILDREN_MAX = 1_024;

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One tag-length-value. `body` is the value, `whole` includes tag and length; both are views, not copies. */
export interface Tlv {
  /** The identifier octet. High tag numbers (0x1f) are not read: X.509 has none. */
  readonly tag: number;
  readonly body: Uint8Array;
  readonly whole: Uint8Array;
}

/** The value that begins at `offset`; `undefined` for indefinite or padded lengths and for a value past the end. */
export function readTlv(bytes: Uint8Array, offset = 0): Tlv | undefined {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const length = readLength(bytes, offset + 1, first);
  if (length === undefined) return undefined;
  const end = length.at + length.value;
  if (end > bytes.length) return undefined;
  return { tag, body: bytes.subarray(length.at, end), whole: bytes.subarray(offset, end) };
}

function readLength(
  bytes: Uint8Array,
  at: number,
  first: number,
): { readonly value: number; readonly at: number } | undefined {
  if (first < 0x80) return { value: first, at: at + 1 };
  const count = first & 0x7f;
  // Four octets of length are 4 GiB; 0x80 is BER's indefinite form.
  if (count === 0 || count > 4) return undefined;
  let value = 0;
  for (let index = 1; index <= count; index++) {
    const octet = bytes[at + index];
    if (octet === undefined) return undefined;
    value = value * 256 + octet;
  }
  // DER has one form of each length (X.690 section 10.1): the shortest.
  const isShortest = value >= 0x80 && value >= 256 ** (count - 1);
  return isShortest ? { value, at: at + 1 + count } : undefined;
}

/** The values inside `body`, in order; `undefined` where one of them is broken or there are too many. */
export function readChildren(body: Uint8Array): readonly Tlv[] | undefined {
  const children: Tlv[] = [];
  let offset = 0;
  while (offset < body.length) {
    const child = readTlv(body, offset);
    if (child === undefined || children.length >= DER_CHILDREN_MAX) return undefined;
    children.push(child);
    offset += child.whole.length;
  }
  return children;
}

/** The children of a value that must have `tag` (SEQUENCE by default) and be the whole of `bytes`. */
export function readWhole(
  bytes: Uint8Array,
  tag: number = TAG.sequence,
): readonly Tlv[] | undefined {
  const tlv = readTlv(bytes);
  if (tlv === undefined || tlv.tag !== tag || tlv.whole.length !== bytes.length) return undefined;
  return readChildren(tlv.body);
}

/** Children of `tlv` when it has `tag`. */
export function childrenOf(
  tlv: Tlv | undefined,
  tag: number = TAG.sequence,
): readonly Tlv[] | undefined {
  return tlv === undefined || tlv.tag !== tag ? undefined : readChildren(tlv.body);
}

/** Longest object identifier in octets; the arcs in use are far shorter. */
const OID_BYTES_MAX = 64;

/** Dotted decimal. `undefined` for an unfinished or overlong arc. */
export function readOid(tlv: Tlv | undefined): string | undefined {
  if (tlv === undefined || tlv.tag !== TAG.oid) return undefined;
  if (tlv.body.length === 0 || tlv.body.length > OID_BYTES_MAX) return undefined;
  const arcs: number[] = [];
  let value = 0;
  let isOpen = false;
  for (const octet of tlv.body) {
    value = value * 128 + (octet & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    isOpen = (octet & 0x80) !== 0;
    if (isOpen) continue;
    arcs.push(value);
    value = 0;
  }
  const [first, ...rest] = arcs;
  if (isOpen || first === undefined) return undefined;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join(".");
}

/** The octets of a non-negative INTEGER without leading zeros. */
export function readUnsigned(tlv: Tlv | undefined): Uint8Array | undefined {
  if (tlv === undefined || tlv.tag !== TAG.integer || tlv.body.length === 0) return undefined;
  if (((tlv.body[0] ?? 0) & 0x80) !== 0) return undefined;
  let start = 0;
  while (start < tlv.body.length - 1 && tlv.body[start] === 0) start++;
  return tlv.body.subarray(start);
}

/** A small non-negative INTEGER or ENUMERATED; `undefined` past 2^48. */
export function readSmall(tlv: Tlv | undefined): number | undefined {
  if (tlv === undefined || (tlv.tag !== TAG.integer && tlv.tag !== TAG.enumerated))
    return undefined;
  if (tlv.body.length === 0 || tlv.body.length > 6 || ((tlv.body[0] ?? 0) & 0x80) !== 0)
    return undefined;
  return tlv.body.reduce((value, octet) => value * 256 + octet, 0);
}

/** Number of significant bits. */
export function bitLength(unsigned: Uint8Array): number {
  const at = unsigned.findIndex((octet) => octet !== 0);
  if (at < 0) return 0;
  return (unsigned.length - at) * 8 - (Math.clz32(unsigned[at] ?? 0) - 24);
}

/** The octets of a BIT STRING; `undefined` when its last octet is not fully used. */
export function readBits(tlv: Tlv | undefined): Uint8Array | undefined {
  if (tlv === undefined || tlv.tag !== TAG.bitString || tlv.body[0] !== 0) return undefined;
  return tlv.body.subarray(1);
}

/** UTCTime or GeneralizedTime in the forms of RFC 5280 section 4.1.2.5, as milliseconds since the epoch. */
export function readTime(tlv: Tlv | undefined): number | undefined {
  if (tlv === undefined || tlv.body.length > 32) return undefined;
  const text = latin1(tlv.body);
  if (tlv.tag === TAG.utcTime) {
    const match = /^(\d\d)(\d{10})Z$/.exec(text);
    if (match === null) return undefined;
    const year = Number(match[1]);
    return timeOf(year < 50 ? 2000 + year : 1900 + year, match[2] ?? "");
  }
  if (tlv.tag !== TAG.generalizedTime) return undefined;
  const match = /^(\d{4})(\d{10})Z$/.exec(text);
  return match === null ? undefined : timeOf(Number(match[1]), match[2] ?? "");
}

/** `rest` is MMDDhhmmss. */
function timeOf(year: number, rest: string): number | undefined {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    rest.match(/\d\d/g)?.map(Number) ?? [];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC takes years below 100 for 19xx, and rolls the 31st of June over.
  const date = new Date(ms);
  const isReal = date.getUTCMonth() === month - 1 || second === 60;
  return year >= 100 && month >= 1 && day >= 1 && isReal ? ms : undefined;
}

/** Longest text taken of one value. */
const TEXT_CHARACTERS_MAX = 256;
const UTF8 = new TextDecoder("utf-8");
const UTF16 = new TextDecoder("utf-16be");

/** Any of the string types of a name, cut at 256 characters; `undefined` for another type. */
export function readText(tlv: Tlv): string | undefined {
  const body = tlv.body.subarray(0, TEXT_CHARACTERS_MAX * 4);
  switch (tlv.tag) {
    case TAG.utf8String:
      return cut(UTF8.decode(body));
    case TAG.printableString:
    case TAG.t61String:
    case TAG.ia5String:
      return cut(latin1(body));
    case TAG.bmpString:
      return cut(UTF16.decode(body));
    case TAG.universalString:
      return cut(utf32(body));
    default:
      return undefined;
  }
}

function cut(text: string): string {
  return text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed();
}

function utf32(body: Uint8Array): string {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let text = "";
  for (let at = 0; at + 4 <= body.byteLength; at += 4) {
    const point = view.getUint32(at);
    text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  }
  return text;
}

/** One character per octet. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}

/** Lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
