import type { TlsScan } from "../../core/tls-scan.ts";
import type { Certificate } from "../../wire/x509/certificate.ts";
import { type CertificateStatus, readOcspResponse } from "../../wire/x509/ocsp-response.ts";

/** What came with the certificate: an OCSPResponse, nothing though it was asked for, or no answer. */
export type Staple = Uint8Array | "none" | "unknown";

/** How far clocks may differ before an answer is from the future. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** An answer that sets no end to itself is old after this: CAs renew theirs within ten days (CA/Browser Forum Baseline Requirements 4.9.10). */
const UNDATED_MS = 10 * 86_400_000;

export interface StapleReading {
  readonly state: TlsScan["staple"];
  /** Signed certificate timestamps in the answer (RFC 6962 section 3.3). */
  readonly sctCount: number;
}

/**
 * What the staple says. One that cannot be read, whose signature does not verify or that is about
 * another certificate proves nothing: `unknown`.
 */
export function readStaple(
  staple: Staple,
  certificate: Certificate,
  issuer: Certificate | undefined,
  nowMs: number,
): StapleReading {
  if (typeof staple === "string") return { state: staple, sctCount: 0 };
  const reading = readOcspResponse(staple, certificate, issuer);
  if (!reading.ok || !reading.isSigned) return { state: "unknown", sctCount: 0 };
  return { state: stateOf(reading, nowMs), sctCount: reading.sctCount };
}

function stateOf(reading: CertificateStatus, nowMs: number): TlsScan["staple"] {
  const { status, thisUpdateMs, nextUpdateMs = thisUpdateMs + UNDATED_MS } = reading;
  // What is revoked stays so: an old answer tells that as well as a new one.
  if (status === "revoked") return "revoked";
  if (thisUpdateMs > nowMs + CLOCK_SKEW_MS) return "unknown";
  return nextUpdateMs < nowMs ? "stale" : status;
}
