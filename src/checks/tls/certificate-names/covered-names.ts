import type { TlsCertificate } from "../../../core/tls-scan.ts";
import { canonicalAddress, isNamed } from "../../../facts/tls/certificate-names.ts";

/** Names shown of one certificate. */
const NAMES_SHOWN_MAX = 12;

/** Whether the certificate is for the host, a name or an address. */
export function isCovered({ names }: TlsCertificate, host: string): boolean {
  const ipAddresses = names.filter((name) => canonicalAddress(name) !== undefined);
  const dnsNames = names.filter((name) => canonicalAddress(name) === undefined);
  return isNamed({ dnsNames, ipAddresses }, host);
}

/** A name somebody outside may type: no pattern, no address, none of this machine alone. */
export function isPlainName(name: string): boolean {
  return (
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name) &&
    !/^[\d.]+$/.test(name) &&
    !/\.local(?:host)?$/i.test(name)
  );
}

/** `EC 256 certificate names: a.test, b.test`. */
export function showNames({ keyType, keyBits, names }: TlsCertificate): string {
  const more = names.length - NAMES_SHOWN_MAX;
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ") || "none";
  const rest = more > 0 ? ` and ${more} more` : "";
  return `${keyType} ${keyBits} certificate names: ${shown}${rest}`;
}
