import {
  childrenOf,
  hexOf,
  latin1,
  readOid,
  readSmall,
  readTlv,
  readWhole,
  TAG,
  type Tlv,
} from "./der.ts";
import {
  DNS_NAME,
  IP_ADDRESS,
  type NameConstraints,
  readNameConstraints,
} from "./name-constraints.ts";
import { EXTENSION, HARMLESS_EXTENSIONS } from "./object-ids.ts";

/** What the extensions say that TLS servers are judged by. A missing extension is `undefined`. */
export interface Extensions {
  /** Names of the subject, lower case, in order; IDNs in their ASCII form. Empty without the extension. */
  readonly dnsNames: readonly string[];
  /** Addresses in text form: `127.0.0.1`, `::1`. */
  readonly ipAddresses: readonly string[];
  /** The same addresses, 4 or 16 octets each. */
  readonly addressOctets: readonly Uint8Array[];
  /** Context tags of the names of other forms (`email` 0x81, `URI` 0x86 ...), each once. */
  readonly otherNameForms: readonly number[];
  readonly hasSubjectAltName: boolean;
  readonly basicConstraints: { readonly isCa: boolean; readonly pathLength?: number } | undefined;
  /** `keyCertSign` of the key usage. */
  readonly mayCertify: boolean | undefined;
  /** Any of the bits of the key usage that a TLS server's key needs. */
  readonly mayServe: boolean | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** Purposes as object identifiers. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Hex. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** TLS feature 5, status_request (RFC 7633). */
  readonly mustStaple: boolean;
  /** Signed certificate timestamps inside the certificate (RFC 6962 section 3.3). */
  readonly sctCount: number;
  /** Object identifiers of known extensions whose content is broken, or that come twice. */
  readonly broken: readonly string[];
  /** Object identifiers of critical extensions that are not understood: whoever cannot must refuse (RFC 5280 section 4.2). */
  readonly unknownCritical: readonly string[];
}

const NONE: Extensions = {
  dnsNames: [],
  ipAddresses: [],
  addressOctets: [],
  otherNameForms: [],
  hasSubjectAltName: false,
  basicConstraints: undefined,
  mayCertify: undefined,
  mayServe: undefined,
  nameConstraints: undefined,
  extendedKeyUsage: undefined,
  subjectKeyId: undefined,
  authorityKeyId: undefined,
  mustStaple: false,
  sctCount: 0,
  broken: [],
  unknownCritical: [],
};

type Reader = (value: Uint8Array) => Partial<Extensions> | undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [EXTENSION.subjectAltName, subjectAltName],
  [EXTENSION.basicConstraints, basicConstraints],
  [EXTENSION.keyUsage, keyUsage],
  [EXTENSION.extendedKeyUsage, extendedKeyUsage],
  [EXTENSION.nameConstraints, nameConstraints],
  [EXTENSION.subjectKeyId, subjectKeyId],
  [EXTENSION.authorityKeyId, authorityKeyId],
  [EXTENSION.tlsFeature, tlsFeature],
  [EXTENSION.sctList, sctList],
]);

/** Reads `Extensions` (RFC 5280 section 4.1.2.9), the inside of the `[3]`; `undefined` when the list itself is broken. */
export function readExtensions(tagged: Tlv | undefined): Extensions | undefined {
  if (tagged === undefined) return NONE;
  const list = readWhole(tagged.body);
  if (list === undefined) return undefined;
  const ones = list.map(readOne);
  const whole = ones.filter((one) => one !== undefined);
  if (whole.length < ones.length) return undefined;
  let read = NONE;
  const seen = new Set<string>();
  for (const { oid, value } of whole) {
    const part = seen.has(oid) ? undefined : readKnown(oid, value);
    seen.add(oid);
    read = part === undefined ? { ...read, broken: [...read.broken, oid] } : { ...read, ...part };
  }
  const unknownCritical = whole.filter(isUnknownCritical).map(({ oid }) => oid);
  return { ...read, unknownCritical };
}

function isUnknownCritical({ oid, isCritical }: OneExtension): boolean {
  return isCritical && !READERS.has(oid) && !HARMLESS_EXTENSIONS.has(oid);
}

interface OneExtension {
  readonly oid: string;
  readonly value: Uint8Array;
  readonly isCritical: boolean;
}

function readOne(extension: Tlv): OneExtension | undefined {
  const fields = childrenOf(extension) ?? [];
  const oid = readOid(fields[0]);
  // The critical flag in the middle is left out when false.
  const value = fields.at(-1);
  const flag = fields.length === 3 ? fields[1] : undefined;
  if (oid === undefined || value?.tag !== TAG.octetString || fields.length > 3) return undefined;
  if (flag !== undefined && (flag.tag !== TAG.boolean || flag.body.length !== 1)) return undefined;
  return { oid, value: value.body, isCritical: flag !== undefined && flag.body[0] !== 0 };
}

/** `{}` for an extension that is of no interest here. */
function readKnown(oid: string, value: Uint8Array): Partial<Extensions> | undefined {
  const reader = READERS.get(oid);
  return reader === undefined ? {} : reader(value);
}

/** Characters kept of one name; no name of the DNS is longer than 253 (RFC 1035 section 2.3.4). */
const DNS_NAME_MAX = 256;

function subjectAltName(value: Uint8Array): Partial<Extensions> | undefined {
  const names = readWhole(value);
  if (names === undefined) return undefined;
  const dnsNames: string[] = [];
  const addressOctets: Uint8Array[] = [];
  const forms = new Set<number>();
  for (const { tag, body } of names) {
    if (tag === DNS_NAME) dnsNames.push(latin1(body.subarray(0, DNS_NAME_MAX)).toLowerCase());
    else if (tag === IP_ADDRESS) addressOctets.push(body);
    else forms.add(tag);
  }
  const ipAddresses = addressOctets.map(addressText).filter((text) => text !== undefined);
  if (ipAddresses.length < addressOctets.length) return undefined;
  const otherNameForms = [...forms];
  return { dnsNames, ipAddresses, addressOctets, otherNameForms, hasSubjectAltName: true };
}

/** Text of 4 or 16 octets, IPv6 as RFC 5952 has it. */
export function addressText(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join(".");
  if (octets.length !== 16) return undefined;
  const groups = Array.from(
    { length: 8 },
    (_, at) => (octets[at * 2] ?? 0) * 256 + (octets[at * 2 + 1] ?? 0),
  );
  const run = longestZeros(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.at))}::${hex(groups.slice(run.at + run.length))}`;
}

function longestZeros(groups: readonly number[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  let length = 0;
  groups.forEach((group, at) => {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { at: at - length + 1, length };
  });
  return best;
}

function basicConstraints(value: Uint8Array): Partial<Extensions> | undefined {
  const fields = readWhole(value);
  if (fields === undefined) return undefined;
  const flag = fields.find(({ tag }) => tag === TAG.boolean);
  const limit = fields.find(({ tag }) => tag === TAG.integer);
  const pathLength = readSmall(limit);
  if (limit !== undefined && pathLength === undefined) return undefined;
  const isCa = flag?.body[0] !== undefined && flag.body[0] !== 0;
  return { basicConstraints: { isCa, ...(pathLength !== undefined && { pathLength }) } };
}

/** keyCertSign is bit 5 (RFC 5280 section 4.2.1.3). */
const KEY_CERT_SIGN = 0x04;
/** digitalSignature, keyEncipherment, keyAgreement: bits 0, 2 and 4. */
const KEY_SERVES = 0xa8;

function keyUsage(value: Uint8Array): Partial<Extensions> | undefined {
  const bits = readTlv(value);
  if (bits?.tag !== TAG.bitString || bits.body.length < 1) return undefined;
  const usage = bits.body[1] ?? 0;
  return { mayCertify: (usage & KEY_CERT_SIGN) !== 0, mayServe: (usage & KEY_SERVES) !== 0 };
}

function extendedKeyUsage(value: Uint8Array): Partial<Extensions> | undefined {
  const purposes = readWhole(value)?.map(readOid);
  if (purposes === undefined || purposes.length === 0) return undefined;
  const known = purposes.filter((oid) => oid !== undefined);
  return known.length === purposes.length ? { extendedKeyUsage: known } : undefined;
}

function nameConstraints(value: Uint8Array): Partial<Extensions> | undefined {
  const read = readNameConstraints(value);
  return read === undefined ? undefined : { nameConstraints: read };
}

function subjectKeyId(value: Uint8Array): Partial<Extensions> | undefined {
  const tlv = readTlv(value);
  return tlv?.tag === TAG.octetString ? { subjectKeyId: hexOf(tlv.body) } : undefined;
}

function authorityKeyId(value: Uint8Array): Partial<Extensions> | undefined {
  const fields = readWhole(value);
  const id = fields?.find(({ tag }) => tag === 0x80);
  if (fields === undefined) return undefined;
  return id === undefined ? {} : { authorityKeyId: hexOf(id.body) };
}

/** TLS extension 5, status_request, and 17, status_request_v2 (RFC 7633 section 4). */
const STATUS_REQUESTS: readonly (number | undefined)[] = [5, 17];

function tlsFeature(value: Uint8Array): Partial<Extensions> | undefined {
  const features = readWhole(value)?.map(readSmall);
  if (features === undefined) return undefined;
  return { mustStaple: features.some((feature) => STATUS_REQUESTS.includes(feature)) };
}

function sctList(value: Uint8Array): Partial<Extensions> | undefined {
  const inner = readTlv(value);
  if (inner?.tag !== TAG.octetString) return undefined;
  const sctCount = countScts(inner.body);
  return sctCount === undefined ? undefined : { sctCount };
}

/**
 * How many timestamps a SignedCertificateTimestampList holds (RFC 6962 section 3.3): a 16-bit
 * length, then items of 16-bit length each. `undefined` when the lengths do not add up.
 */
export function countScts(list: Uint8Array): number | undefined {
  const length = uint16(list, 0);
  if (length === undefined || length + 2 !== list.length) return undefined;
  let count = 0;
  let at = 2;
  while (at < list.length) {
    const size = uint16(list, at);
    if (size === undefined || at + 2 + size > list.length) return undefined;
    at += 2 + size;
    count += 1;
  }
  return count;
}

function uint16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}
