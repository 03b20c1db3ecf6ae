import type { Finding } from "../../../core/check.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";

/** By problem: whether it fails, and what continues "The certificate of NAME ...". */
const RULES: readonly (readonly [problem: string, status: Finding["status"], says: string])[] = [
  ["broken-der", "fail", "is broken DER"],
  ["self-signed", "fail", "is self-signed"],
  ["untrusted", "fail", "has an issuer nobody here trusts"],
  ["wrong-eku", "fail", "is not for servers (extended key usage)"],
  ["weak-signature", "fail", "has SHA-1 or an older hash in its chain"],
  ["weak-key", "fail", "has too small a key in its chain"],
  ["incomplete-chain", "warn", "comes without its intermediate"],
  ["must-staple-missing", "warn", "demands an OCSP staple and none came"],
  ["wrong-order", "warn", "comes with its chain in the wrong order"],
  ["too-long", "warn", "lasts longer than 398 days"],
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
}: TlsCertificate): readonly ChainFault[] {
  const found = RULES.filter(([problem]) => problems.includes(problem));
  const isPrivate = trusted === "by-your-ca";
  const isHuge = keyType === "RSA" && keyBits > RSA_BITS_MAX;
  return [
    ...found.map(([rule, status, says]): ChainFault => ({ rule, status, says })),
    ...(isPrivate
      ? [
          {
            rule: "private-ca",
            status: "warn",
            says: "is trusted by your CA, not publicly",
          } as const,
        ]
      : []),
    ...(isHuge
      ? [
          {
            rule: "oversized-key",
            status: "warn",
            says: `has an RSA key of ${keyBits} bits`,
          } as const,
        ]
      : []),
  ];
}
