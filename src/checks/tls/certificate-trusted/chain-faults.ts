import type { Finding } from "../../../core/check.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";

/** By problem: whether it fails, and what continues "The certificate of NAME ...". */
const RULES: readonly (readonly [problem: string, status: Finding["status"], says: string])[] = [
  ["broken-der", "fail", "is broken DER"],
  ["self-signed", "fail", "is self-signed"],
  ["untrusted", "fail", "has an issuer nobody here trusts"],
  ["invalid-issuer", "fail", "is issued by a certificate that may not issue it"],
  ["name-constraints", "fail", "has names its issuer may not certify"],
  ["unknown-critical", "fail", "has a critical extension in its chain that no client knows"],
  ["wrong-eku", "fail", "is not for servers (key usage or extended key usage)"],
  ["weak-signature", "fail", "has SHA-1 or an older hash in its chain"],
  ["roca", "fail", "has an RSA key that can be computed (ROCA, CVE-2017-15361)"],
  ["weak-key", "fail", "has a weak key in its chain"],
  ["incomplete-chain", "warn", "comes without its intermediate"],
  ["must-staple-missing", "warn", "demands an OCSP staple and no valid one came"],
  ["wrong-order", "warn", "comes with its chain in the wrong order"],
  [
    "too-long",
    "warn",
    "lasts longer than public CAs may issue (398 days, 200 since 2026-03-15, 100 from 2027-03-15, 47 from 2029-03-15)",
  ],
];
/** Signing with more costs time and gains nothing (catalog tls.certificate-trusted). */
const RSA_BITS_MAX = 4096;

/** One thing that is wrong with a chain. */
export interface ChainFault {
  readonly rule: string;
  readonly status: Finding["status"];
  /** Continues "The certificate of NAME ...". */
  readonly says: string;
}

/** Everything that is wrong with a certificate and its chain, wherever they were seen; dates and names apart. */
export function chainFaults({
  problems,
  keyType,
  keyBits,
  trusted,
  chain,
}: TlsCertificate): readonly ChainFault[] {
  const isOldRoot = chain.slice(1).some(isSha1Root) && !problems.includes("weak-signature");
  const asides: readonly (readonly [isFound: boolean, rule: string, says: string])[] = [
    [trusted === "by-your-ca", "private-ca", "is trusted by your CA, not publicly"],
    [isOldRoot, "sha1-root", "comes with a root that is signed with SHA-1"],
    [
      keyType === "RSA" && keyBits > RSA_BITS_MAX,
      "oversized-key",
      `has an RSA key of ${keyBits} bits`,
    ],
  ];
  return [
    ...RULES.filter(([problem]) => problems.includes(problem)).map(
      ([rule, status, says]): ChainFault => ({ rule, status, says }),
    ),
    ...asides
      .filter(([isFound]) => isFound)
      .map(([, rule, says]): ChainFault => ({ rule, status: "warn", says })),
  ];
}

function isSha1Root({ subject, issuer, signature }: TlsCertificate["chain"][number]): boolean {
  return subject === issuer && /sha-?1(?!\d)/i.test(signature);
}
