import type { TlsCertificate, TlsProtocol, TlsScan } from "../core/tls-scan.ts";
import type { ClientProfile } from "./client-profile.ts";

/** A certificate as one client takes it. */
export interface ClientCertificate {
  /** Why the client breaks off when it is shown this one. */
  readonly because?: string;
}

/** TLS 1.3 binds an ECDSA scheme to its curve (RFC 8446 section 4.2.3). */
const ECDSA_SCHEMES_13: Readonly<Record<string, string>> = {
  secp256r1: "ecdsa_secp256r1_sha256",
  secp384r1: "ecdsa_secp384r1_sha384",
  secp521r1: "ecdsa_secp521r1_sha512",
  brainpoolP256r1: "ecdsa_brainpoolP256r1tls13_sha256",
  brainpoolP384r1: "ecdsa_brainpoolP384r1tls13_sha384",
  brainpoolP512r1: "ecdsa_brainpoolP512r1tls13_sha512",
};

/**
 * Certificates the server can show this client in a protocol: those whose key one of the client's
 * signature schemes fits and, below TLS 1.3, whose curve it knows (RFC 8422 section 5.1).
 */
export function certificatesFor(
  { certificates }: TlsScan,
  profile: ClientProfile,
  protocol: TlsProtocol,
  authentication: string,
): readonly ClientCertificate[] {
  const isModern = protocol === "TLSv1.3";
  const all = certificates ?? [];
  const shown = all.filter((one) => isShown(one, isModern));
  // Where none was seen on this side of TLS 1.3, those of the other stand in.
  return (shown.length > 0 ? shown : all)
    .filter((one) => isModern || signsFor(one, authentication))
    .filter((one) => (isModern ? fits13(one, profile) : fits12(one, profile)))
    .map((one) => judge(one, profile));
}

function isShown({ seenWith }: TlsCertificate, isModern: boolean): boolean {
  return seenWith.some((side) => side.startsWith("TLSv1.3") === isModern);
}

function signsFor({ keyType }: TlsCertificate, authentication: string): boolean {
  switch (keyType) {
    case "RSA":
      return authentication === "RSA";
    case "EC":
    case "Ed25519":
    case "Ed448":
      return authentication === "ECDSA";
    case "DSA":
      return authentication === "DSS";
    case "other":
      return true;
  }
}

function fits13({ keyType, curve }: TlsCertificate, { signatures }: ClientProfile): boolean {
  switch (keyType) {
    case "RSA":
      return signatures.some((scheme) => scheme.startsWith("rsa_pss_"));
    case "EC":
      return signatures.includes(ECDSA_SCHEMES_13[curve ?? ""] ?? "");
    case "Ed25519":
    case "Ed448":
      return signatures.includes(keyType.toLowerCase());
    case "DSA":
      return false;
    case "other":
      return true;
  }
}

function fits12(
  { keyType, curve }: TlsCertificate,
  { signatures, groups }: ClientProfile,
): boolean {
  switch (keyType) {
    case "RSA":
      return signatures.some((scheme) => scheme.startsWith("rsa_"));
    case "EC":
      return (
        signatures.some((scheme) => scheme.startsWith("ecdsa_")) &&
        (curve === undefined || groups.includes(curve))
      );
    case "Ed25519":
    case "Ed448":
      return signatures.includes(keyType.toLowerCase());
    case "DSA":
      return signatures.some((scheme) => scheme.startsWith("dsa_"));
    case "other":
      return true;
  }
}

function judge(certificate: TlsCertificate, profile: ClientProfile): ClientCertificate {
  const { keyType, keyBits, chain } = certificate;
  const links = chain.slice(1).filter(({ subject, issuer }) => subject !== issuer);
  const sizes = [{ keyType, keyBits }, ...links].filter((one) => one.keyType === "RSA");
  const small = sizes.find((one) => one.keyBits < profile.rsaBitsMin);
  if (small !== undefined) return { because: `refuses an RSA key of ${small.keyBits} bits` };
  const signatures = [certificate.signature, ...links.map(({ signature }) => signature)];
  const isSelfSigned = certificate.subject === certificate.issuer;
  const isOld = !isSelfSigned && signatures.some((name) => /sha-?1(?:With|$)/i.test(name));
  return isOld && !profile.takesSha1Certificates
    ? { because: "refuses a certificate signed with SHA-1" }
    : {};
}
