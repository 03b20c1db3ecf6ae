import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import type { TlsCertificate, TlsScan } from "../../../core/tls-scan.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { reloadOf } from "../../route/proxy-remedy.ts";
import {
  blockEvidence,
  judgeScans,
  type ScanVerdict,
  type ServingBlock,
  seenAt,
  servingBlock,
  showCertificate,
  showScan,
} from "../../tls-scan/scanned.ts";
import { tlsCertificateExpiry } from "./certificate-expiry.control.ts";

const DAY_MS = 86_400_000;
/** Up to this much a clock may differ; more is reported apart (catalog tls.certificate-expiry). */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Exactly this many days left is a warning (catalog tls.certificate-expiry). */
const DAYS_LEFT_MIN = 21;
/** Under this lifetime a third of it is enough: certificates of 47 days and less. */
const SHORT_LIFETIME_DAYS = 63;

/** The dates of every certificate the server shows, against the audit's clock. */
export const tlsCertificateExpiryLive = defineCheck({
  control: tlsCertificateExpiry,
  layer: "live",
  reads: "notBefore and notAfter of every certificate the server shows and of its chain.",
  needs: { scans: tlsScan, clock },
  wants: { routes: proxyRoutes },

  evaluate({ scans, clock: { nowMs } }, { routes }) {
    return judgeScans(
      scans,
      (scan) => judgeDates(scan, servingBlock(routes, scan), nowMs),
      (answered) =>
        pass(
          `Every certificate is valid; the next expires in ${soonest(answered, nowMs)} days`,
          answered.flatMap((scan) =>
            (scan.certificates ?? []).map((one) => datesAt(scan, one, nowMs)),
          ),
        ),
    );
  },
});

function judgeDates(scan: TlsScan, block: ServingBlock | undefined, nowMs: number): ScanVerdict {
  const dated = (scan.certificates ?? []).filter(({ notAfter }) => notAfter !== "");
  if (dated.length === 0) return { findings: [], unanswered: "no readable certificate was seen" };
  const reload = reloadOf(block?.proxy ?? "nginx");
  return {
    findings: dated.flatMap((certificate): readonly Finding[] => {
      const fault = faultOf(certificate, nowMs);
      if (fault === undefined) return [];
      const { rule, status, says } = fault;
      return [
        {
          rule,
          status,
          subject: `${showScan(scan)} ${certificate.keyType}`,
          message: `The certificate of ${showScan(scan)} ${says}`,
          fix:
            rule === "not-yet-valid" || rule === "clock-skew"
              ? "Set the clock of this machine and of the one that issued the certificate: timedatectl set-ntp true"
              : `Run: certbot renew && ${reload}`,
          evidence: [datesAt(scan, certificate, nowMs), ...blockEvidence(block)],
        },
      ];
    }),
  };
}

interface Fault {
  readonly rule: string;
  readonly status: Finding["status"];
  readonly says: string;
}

function faultOf(certificate: TlsCertificate, nowMs: number): Fault | undefined {
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

function soonest(scans: readonly TlsScan[], nowMs: number): number {
  const ends = scans.flatMap(({ certificates }) =>
    (certificates ?? []).map(({ notAfter }) => Date.parse(notAfter)),
  );
  return Math.floor((Math.min(...ends) - nowMs) / DAY_MS);
}

function datesAt(scan: TlsScan, certificate: TlsCertificate, nowMs: number) {
  const { notBefore, notAfter, serial } = certificate;
  const days = Math.floor((Date.parse(notAfter) - nowMs) / DAY_MS);
  const text = `${showCertificate(certificate)}: ${notBefore} to ${notAfter}, ${days} days left, serial ${serial}`;
  return seenAt(scan, text);
}
