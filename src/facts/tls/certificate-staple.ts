import type { TlsScan } from "../../core/tls-scan.ts";
import type { Certificate } from "../../wire/x509/certificate.ts";
import { readOcspResponse } from "../../wire/x509/ocsp-response.ts";

/** What came with the certificate: an OCSPResponse, nothing though it was asked for, or no answer. */
export type Staple = Uint8Array | "none" | "unknown";

/** How far clocks may differ before an answer is from the future. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * What the staple says. One that cannot be read, whose signature does not verify or that is about
 * another certificate proves nothing: `unknown`.
 */
export function stapleState(
  staple: Staple,
  certificate: Certificate,
  issuer: Certificate | undefined,
  nowMs: number,
): TlsScan["staple"] {
  if (typeof staple === "string") return staple;
  const reading = readOcspResponse(staple, certificate, issuer);
  if (!reading.ok || !reading.isSigned) return "unknown";
  if (reading.status === "revoked") return "revoked";
  const { thisUpdateMs, nextUpdateMs } = reading;
  if (thisUpdateMs > nowMs + CLOCK_SKEW_MS) return "unknown";
  if (nextUpdateMs !== undefined && nextUpdateMs < nowMs) return "stale";
  return reading.status;
}
