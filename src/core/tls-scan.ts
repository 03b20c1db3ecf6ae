/** Protocol versions as the report names them, oldest first. */
export const TLS_PROTOCOLS = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type TlsProtocol = (typeof TLS_PROTOCOLS)[number];

/** Weaknesses the scan answers for, each by name (decisions.md section 3). */
export const TLS_VULNERABILITIES = [
  "poodle-ssl",
  "drown",
  "freak",
  "logjam",
  "logjam-common-prime",
  "rc4",
  "null",
  "anon",
  "beast",
  "sweet32",
  "crime",
  "breach",
  "heartbleed",
  "ccs-injection",
  "ticketbleed",
  "robot",
  "no-secure-renegotiation",
  "insecure-renegotiation",
] as const;
export type TlsVulnerability = (typeof TLS_VULNERABILITIES)[number];
export type TlsVerdict = "vulnerable" | "not-vulnerable" | "not-applicable" | "unknown";

/**
 * What one address answered: an element of the report's `tls` list.
 *
 * What was not answered is `null` or `"unknown"`, never an empty list: an empty list means that
 * the server was asked and has none.
 */
export interface TlsScan {
  /** Name or address as the operator wrote it. */
  readonly host: string;
  /** The name that was sent and that certificates are judged by, where it is not `host` (`--sni`). */
  readonly askedName?: string;
  readonly port: number;
  /** The address that was scanned. */
  readonly address: string;
  readonly state: "tls" | "not-tls" | "unreachable" | "unknown";
  /** For every state but `tls`: what was seen instead. */
  readonly why?: string;
  readonly protocols: readonly TlsProtocol[] | null;
  /** Protocols whose question got no answer (silence, reset by a rate limit). */
  readonly protocolsUnknown: readonly TlsProtocol[];
  /** IANA names by protocol, in the server's order where it has one. */
  readonly suites: Readonly<Partial<Record<TlsProtocol, readonly string[]>>>;
  /** Protocols whose list of suites is not complete, with why. */
  readonly suitesIncomplete: Readonly<Partial<Record<TlsProtocol, string>>>;
  readonly serverOrder: boolean | null;
  /** Names as in lab/tls: `X25519MLKEM768`, `x25519`, `secp256r1`, `ffdhe2048`. */
  readonly groups: readonly string[] | null;
  /** Smallest finite-field DH prime seen; those of EXPORT suites, 512 by definition, only where there are no others. */
  readonly dhBits?: number;
  /** Name of a widely shared prime, where the server uses one. */
  readonly dhCommonPrime?: string;
  readonly certificates: readonly TlsCertificate[] | null;
  readonly staple: "none" | "good" | "revoked" | "stale" | "unknown";
  readonly alpn: readonly string[] | null;
  /** What a client without the right name gets. */
  readonly sni: {
    readonly withoutName: "same" | "other-certificate" | "refused" | "unknown";
    readonly wrongName: "same" | "other-certificate" | "refused" | "unknown";
  };
  readonly clientCertificate: "none" | "requested" | "required" | "unknown";
  readonly secureRenegotiation: boolean | null;
  readonly clientRenegotiation: "refused" | "accepted" | "unknown";
  readonly fallbackScsv: "supported" | "unsupported" | "not-applicable" | "unknown";
  readonly tickets: {
    readonly isOffered: boolean | null;
    readonly lifetimeSeconds?: number;
  };
  /** Bytes of 0-RTT data a ticket allows; 0 for none, `null` when it was not answered. */
  readonly earlyData: number | null;
  /** `max-age` of Strict-Transport-Security in seconds, 0 without the field, `null` when no HTTP was spoken. */
  readonly hstsSeconds?: number | null;
  readonly vulnerabilities: Readonly<Record<TlsVulnerability, TlsVerdict>>;
  /** Asides that change no verdict: "rate limited after 20 connections, slowed down". */
  readonly notes: readonly string[];
  readonly connections: number;
  readonly durationMs: number;
}

/** A certificate the server shows, with the chain it came in. */
export interface TlsCertificate {
  readonly keyType: "RSA" | "EC" | "Ed25519" | "Ed448" | "DSA" | "other";
  readonly keyBits: number;
  readonly curve?: string;
  /** RSA only. */
  readonly exponent?: number;
  /** `sha256WithRSAEncryption`, `ecdsa-with-SHA256`, `Ed25519`. */
  readonly signature: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly fingerprint256: string;
  /** SHA-256 of the SubjectPublicKeyInfo, written as `fingerprint256`: equal for renewals that keep the key. */
  readonly keyFingerprint256?: string;
  /** Subject alternative names, DNS and IP. */
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** By the system's store; `by-your-ca` when only `--cacert` makes it so. */
  readonly trusted: "yes" | "by-your-ca" | "no" | "unknown";
  readonly mustStaple: boolean;
  /** Signed certificate timestamps in the certificate, the handshake and the staple together. */
  readonly scts: number;
  /** Slugs, worst first: `CERTIFICATE_PROBLEMS` in facts/tls/certificate-problems.ts lists and explains them. */
  readonly problems: readonly string[];
  /** Subjects of the chain as sent, leaf first. */
  readonly chain: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly notAfter: string;
    readonly keyType: string;
    readonly keyBits: number;
    readonly signature: string;
  }[];
  /** The suites' or protocols' side it was seen on: `RSA`, `ECDSA`, `TLSv1.3 EdDSA`. */
  readonly seenWith: readonly string[];
}

/** A borrowed mark with its arithmetic. */
export interface TlsGrade {
  readonly grade: string;
  /** 0 to 100, before caps. */
  readonly score: number;
  readonly parts: {
    readonly protocolSupport: number;
    readonly keyExchange: number;
    readonly cipherStrength: number;
  };
  readonly caps: readonly { readonly to: string; readonly because: string }[];
  /** With trust and name left aside, where T or M hides the letter. */
  readonly ifTrustIgnored?: string;
  /** What could not be asked, so that the grade is provisional. */
  readonly provisional: readonly string[];
  /** What the letter does not say: trust that only `--cacert` gives. */
  readonly notes: readonly string[];
}
