import { addressText } from "../../wire/x509/extensions.ts";

/** The names a certificate is for, as `Extensions` has them. */
export interface CertificateNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * Whether the certificate is for `host`, a name or an address (RFC 9525 section 6). The common name
 * does not count, an address is never matched by a DNS name, and a wildcard stands for exactly one
 * whole left-most label.
 */
export function isNamed({ dnsNames, ipAddresses }: CertificateNames, host: string): boolean {
  const address = canonicalAddress(host);
  if (address !== undefined) return ipAddresses.includes(address);
  const asked = asciiName(host);
  return asked !== "" && dnsNames.some((name) => covers(asciiName(name), asked));
}

function covers(pattern: string, asked: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === asked;
  const parent = pattern.slice(2);
  const dot = asked.indexOf(".");
  return dot > 0 && parent !== "" && !parent.includes("*") && asked.slice(dot + 1) === parent;
}

/** Lower case, without the root's dot, IDNs in ASCII form. Text that is no host name stays as it is. */
function asciiName(name: string): string {
  const lower = name.toLowerCase();
  const bare = lower.endsWith(".") ? lower.slice(0, -1) : lower;
  if (/^[\x21-\x7e]*$/.test(bare)) return bare;
  return URL.parse(`https://${bare}/`)?.hostname ?? bare;
}

/** The address in the form `Extensions.ipAddresses` has; `undefined` for a name. */
export function canonicalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare)) {
    const octets = bare.split(".").map(Number);
    return octets.every((octet) => octet <= 255) ? octets.join(".") : undefined;
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
