import type { Finding } from "../../../core/check.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";

export const DAY_MS = 86_400_000;
/** Up to this much a clock may differ; more is reported apart (catalog tls.certificate-expiry). */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Exactly this many days left is a warning (catalog tls.certificate-expiry). */
const DAYS_LEFT_MIN = 21;
/** Under this lifetime a third of it is enough: certificates of 47 days and less. */
const SHORT_LIFETIME_DAYS = 63;

/** What is wrong with the dates of a certificate or its chain. */
export interface DateFault {
  readonly rule: string;
  readonly status: Finding["status"];
  readonly says: string;
}

/** The worst of it; `undefined` where there is enough time left. */
export function dateFault(certificate: TlsCertificate, nowMs: number): DateFault | undefined {
  const { notBefore, notAfter, problems } = certificate;
  const start = Date.parse(notBefore);
  const end = Date.parse(notAfter);
  const days = Math.floor((end - nowMs) / DAY_MS);
  if (end < nowMs) return { rule: "expired", status: "fail", says: `expired on ${notAfter}` };
  if (start > nowMs && start - nowMs <= CLOCK_SKEW_MS) {
    const seconds = Math.ceil((start - nowMs) / 1000);
    return { rule: "clock-skew", status: "warn", says: `begins to be valid in ${seconds} s` };
  }
  if (start > nowMs) {
    return { rule: "not-yet-valid", status: "fail", says: `is not valid before ${notBefore}` };
  }
  if (problems.includes("expired")) {
    return { rule: "chain-expired", status: "fail", says: "has an expired issuer in its chain" };
  }
  if (problems.includes("not-yet-valid")) {
    return { rule: "not-yet-valid", status: "fail", says: "has an issuer that is not valid yet" };
  }
  const lifetimeDays = (end - start) / DAY_MS;
  const least = lifetimeDays < SHORT_LIFETIME_DAYS ? lifetimeDays / 3 : DAYS_LEFT_MIN;
  if (end - nowMs > least * DAY_MS) return undefined;
  return { rule: "expires-soon", status: "warn", says: `expires in ${days} days` };
}
