import type { Certificate } from "../../wire/x509/certificate.ts";
import {
  type AddressRange,
  DNS_NAME,
  IP_ADDRESS,
  type NameConstraints,
  type Subtrees,
} from "../../wire/x509/name-constraints.ts";

/** Comparisons of one certificate's names with one CA's subtrees; more is an attack on who verifies. */
const COMPARISONS_MAX = 1 << 20;
/** RFC 1035 section 2.3.4. */
const NAME_CHARACTERS_MAX = 253;
const DIRECTORY_NAME = 0xa4;
const EMAIL = 0x81;
/** emailAddress as an attribute of a subject, in `DistinguishedName.key`. */
const EMAIL_ATTRIBUTE = '1.2.840.113549.1.9.1="';

/**
 * Whether `constraints` allow every name of `certificate` (RFC 5280 sections 4.2.1.10 and 6.1.3 b, c):
 * DNS names, addresses and the subject. A name of another form that is constrained is refused, as it
 * cannot be told. The common name is no DNS name.
 */
export function allowsNames(constraints: NameConstraints, certificate: Certificate): boolean {
  const { permitted, excluded } = constraints;
  const { dnsNames, addressOctets } = certificate.extensions;
  const names = dnsNames.length + addressOctets.length + 1;
  if (names * (sizeOf(permitted) + sizeOf(excluded)) > COMPARISONS_MAX) return false;
  const forms = formsOf(certificate);
  const isTellable = [...permitted.otherForms, ...excluded.otherForms].every(
    (form) => !forms.has(form),
  );
  return (
    isTellable &&
    dnsNames.every((name) => allowsDns(name, constraints)) &&
    addressOctets.every((octets) => allowsAddress(octets, constraints)) &&
    allowsSubject(certificate, constraints)
  );
}

function sizeOf({ dns, addresses, directories }: Subtrees): number {
  return dns.length + addresses.length + directories.length;
}

/** Forms of name the certificate has, by context tag. */
function formsOf({ extensions, subject }: Certificate): ReadonlySet<number> {
  const { dnsNames, addressOctets, otherNameForms } = extensions;
  return new Set([
    ...otherNameForms,
    ...(dnsNames.length > 0 ? [DNS_NAME] : []),
    ...(addressOctets.length > 0 ? [IP_ADDRESS] : []),
    ...(subject.key === "" ? [] : [DIRECTORY_NAME]),
    ...(subject.key.includes(EMAIL_ATTRIBUTE) ? [EMAIL] : []),
  ]);
}

function allowsDns(name: string, { permitted, excluded }: NameConstraints): boolean {
  const isNamed = permitted.dns.length > 0 || excluded.dns.length > 0;
  if (isNamed && name.length > NAME_CHARACTERS_MAX) return false;
  const isPermitted =
    permitted.dns.length === 0 || permitted.dns.some((base) => isWithin(name, base));
  return isPermitted && !excluded.dns.some((base) => touches(name, base));
}

/** Whether `name` is `base` or below it; below it only where `base` begins with a dot. */
function isWithin(name: string, base: string): boolean {
  if (base === "") return true;
  if (base.startsWith(".")) return name.endsWith(base) && name.length > base.length;
  return name === base || name.endsWith(`.${base}`);
}

/** A wildcard touches what it may stand for: `*.a.test` is partly within `b.a.test`. */
function touches(name: string, base: string): boolean {
  if (isWithin(name, base)) return true;
  const parent = name.startsWith("*.") ? name.slice(2) : undefined;
  const bare = base.startsWith(".") ? base.slice(1) : base;
  return parent !== undefined && bare.slice(bare.indexOf(".") + 1) === parent;
}

function allowsAddress(octets: Uint8Array, { permitted, excluded }: NameConstraints): boolean {
  const isPermitted =
    permitted.addresses.length === 0 ||
    permitted.addresses.some((range) => isInRange(octets, range));
  return isPermitted && !excluded.addresses.some((range) => isInRange(octets, range));
}

function isInRange(octets: Uint8Array, { network, mask }: AddressRange): boolean {
  return (
    octets.length === network.length &&
    octets.every((octet, at) => {
      const bits = mask[at] ?? 0;
      return (octet & bits) === ((network[at] ?? 0) & bits);
    })
  );
}

/** The subject, and that no directory name among the alternative names is left unlooked at. */
function allowsSubject(
  { subject, extensions }: Certificate,
  { permitted, excluded }: NameConstraints,
): boolean {
  const isConstrained = permitted.directories.length > 0 || excluded.directories.length > 0;
  if (!isConstrained) return true;
  if (extensions.otherNameForms.includes(DIRECTORY_NAME)) return false;
  if (subject.key === "") return true;
  const isBelow = (base: string) =>
    base === "" || subject.key === base || subject.key.startsWith(`${base},`);
  const isPermitted = permitted.directories.length === 0 || permitted.directories.some(isBelow);
  return isPermitted && !excluded.directories.some(isBelow);
}
