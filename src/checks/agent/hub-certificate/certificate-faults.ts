import type { HubCertificate } from "../../../facts/hub-certificate.fact.ts";
import { isNamed } from "../../../facts/tls/certificate-names.ts";

/** Days that must be left (catalog agent.hub-certificate): exactly this many is a warning. */
const DAYS_LEFT_MAX_WARN = 21;
/** NIST SP 800-57 part 1: 112 bits of strength. */
const RSA_BITS_MIN = 2048;
const EC_BITS_MIN = 256;

/** One way the certificate falls short. */
export interface CertificateFault {
  readonly rule: string;
  /** Continues a sentence that begins with "The hub's certificate". */
  readonly says: string;
}

/** What the verifier's codes mean (OpenSSL `X509_V_ERR_*` as Node names them). */
const VERIFY_ERRORS: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: { rule: "expired", says: "has expired" },
  CERT_NOT_YET_VALID: { rule: "not-yet-valid", says: "is not valid yet" },
  ERR_TLS_CERT_ALTNAME_INVALID: { rule: "name-mismatch", says: "is for other names" },
  HOSTNAME_MISMATCH: { rule: "name-mismatch", says: "is for other names" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { rule: "self-signed", says: "is self-signed" },
  SELF_SIGNED_CERT_IN_CHAIN: { rule: "unknown-issuer", says: "ends at a root nobody trusts here" },
  UNABLE_TO_GET_ISSUER_CERT: { rule: "unknown-issuer", says: "has an unknown issuer" },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { rule: "unknown-issuer", says: "has an unknown issuer" },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { rule: "unknown-issuer", says: "has an unknown issuer" },
  CERT_REVOKED: { rule: "revoked", says: "is revoked" },
  EE_KEY_TOO_SMALL: { rule: "weak-key", says: "has too small a key" },
  CA_KEY_TOO_SMALL: { rule: "weak-key", says: "has an issuer with too small a key" },
  CA_MD_TOO_WEAK: { rule: "weak-signature", says: "has too weak a signature" },
};

/**
 * Whether the error is the connection's and not the certificate's: an errno (`ECONNRESET`) or the
 * TLS library's own (`ERR_SSL_…`). Nothing is then known of the certificate.
 */
export function isTransportError(error: string): boolean {
  return (
    /^E[A-Z0-9]+$/.test(error) ||
    /^(?:ERR_SSL|ERR_SOCKET|ERR_TLS_HANDSHAKE|ERR_HTTP|EAI)_/.test(error)
  );
}

/** Every way the certificate falls short for `host`; empty when it is good. */
export function certificateFaults(
  certificate: HubCertificate,
  host: string,
): readonly CertificateFault[] {
  const faults = [
    ...verification(certificate),
    ...validity(certificate),
    ...names(certificate, host),
    ...strength(certificate),
  ];
  // The verifier's word and our own reading may say the same: one of a rule is enough.
  return faults.filter((fault, at) => faults.findIndex(({ rule }) => rule === fault.rule) === at);
}

function verification({ verified, error }: HubCertificate): readonly CertificateFault[] {
  if (verified) return [];
  if (error !== undefined && Object.hasOwn(VERIFY_ERRORS, error)) {
    const fault = VERIFY_ERRORS[error];
    return fault === undefined ? [] : [{ ...fault, says: `${fault.says} (${error})` }];
  }
  return [{ rule: "unverified", says: `does not verify (${error ?? "no code given"})` }];
}

function validity({ daysLeft }: HubCertificate): readonly CertificateFault[] {
  if (daysLeft === undefined) return [];
  if (daysLeft < 0) return [{ rule: "expired", says: `has expired ${-daysLeft} days ago` }];
  if (daysLeft > DAYS_LEFT_MAX_WARN) return [];
  return [{ rule: "expires-soon", says: `expires in ${daysLeft} days` }];
}

function names({ names }: HubCertificate, host: string): readonly CertificateFault[] {
  // An address is verified by the handshake alone: its form in the list of names varies.
  const isAddress = host.includes(":") || /^[\d.]+$/.test(host);
  const dnsNames = names.map((name) => name.trim().replace(/^DNS:/, ""));
  if (names.length === 0 || isAddress || isNamed({ dnsNames, ipAddresses: [] }, host)) return [];
  return [{ rule: "name-mismatch", says: `does not name ${host}` }];
}

function strength({ keyType, keyBits, signature }: HubCertificate): readonly CertificateFault[] {
  const faults: CertificateFault[] = [];
  const isRsa = keyType?.toLowerCase().startsWith("rsa") ?? false;
  const least = isRsa ? RSA_BITS_MIN : keyType?.toLowerCase() === "ec" ? EC_BITS_MIN : 0;
  if (keyBits !== undefined && keyBits < least) {
    faults.push({
      rule: "weak-key",
      says: `has an ${isRsa ? "RSA" : "EC"} key of ${keyBits} bits`,
    });
  }
  if (signature !== undefined && /sha-?1(?!\d)|md5/i.test(signature)) {
    faults.push({ rule: "weak-signature", says: `is signed with ${signature}` });
  }
  return faults;
}
