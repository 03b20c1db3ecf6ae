import { addressText } from "../../wire/x509/extensions.ts";

/** The names a certificate is for, as `Extensions` has them. */
export interface CertificateNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * Whether the certificate is for `host`, a name or an address (RFC 9525 section 6). The common name
 * does not count, an address is never matched by a DNS name, and a wildcard stands for exactly one
 * whole left-most label with two labels or more behind it, as OpenSSL, Node and browsers have it.
 */
export function isNamed({ dnsNames, ipAddresses }: CertificateNames, host: string): boolean {
  const address = canonicalAddress(host);
  if (address !== undefined) return ipAddresses.includes(address);
  const asked = askedName(host);
  return asked !== "" && dnsNames.some((name) => covers(withoutRootDot(name.toLowerCase()), asked));
}

/** In a certificate an IDN stands in its ASCII form: octets past that match nothing (RFC 9525 section 6.3). */
const PRESENTED = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

function covers(pattern: string, asked: string): boolean {
  if (!PRESENTED.test(pattern)) return false;
  if (!pattern.startsWith("*.")) return pattern === asked;
  const parent = pattern.slice(2);
  const dot = asked.indexOf(".");
  return dot > 0 && parent.includes(".") && asked.slice(dot + 1) === parent;
}

/** Lower case, without the root's dot, IDNs in ASCII form. Text that is no host name stays as it is. */
function askedName(host: string): string {
  const bare = withoutRootDot(host.toLowerCase());
  if (/^[\x21-\x7e]*$/.test(bare)) return bare;
  return URL.parse(`https://${bare}/`)?.hostname ?? bare;
}

function withoutRootDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** One octet as people write it; with a zero in front it would be octal to some readers. */
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** The address in the form `Extensions.ipAddresses` has; `undefined` for a name. */
export function canonicalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const parts = bare.split(".");
  if (parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) <= 255)) {
    return bare;
  }
  if (!bare.includes(":")) return undefined;
  const inner = URL.parse(`http://[${bare}]/`)?.hostname.slice(1, -1);
  return inner === undefined ? undefined : addressText(octetsOf(inner));
}

/** The 16 octets of an IPv6 address in the form URLs have (RFC 5952, no dotted tail). */
function octetsOf(text: string): Uint8Array {
  const [head = "", tail] = text.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const before = words(head);
  const after = words(tail ?? "");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
