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
import { DAY_MS, dateFault } from "./date-faults.ts";

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
      const fault = dateFault(certificate, nowMs);
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
