import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import type { Reading } from "../../../core/reading.ts";
import type { TlsProtocol, TlsScan } from "../../../core/tls-scan.ts";
import { type ProxyRoutes, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { directiveFix } from "../../tls-scan/directives.ts";
import {
  blockEvidence,
  judgeScans,
  openProtocols,
  type ScanVerdict,
  seenAt,
  servingBlock,
  showScan,
} from "../../tls-scan/scanned.ts";
import { DEPRECATED_PROTOCOLS } from "./deprecated-protocols.ts";
import { tlsProtocols } from "./protocols.control.ts";

const SLUGS: Readonly<Record<TlsProtocol, string>> = {
  SSLv2: "sslv2",
  SSLv3: "sslv3",
  TLSv1: "tls10",
  "TLSv1.1": "tls11",
  "TLSv1.2": "tls12",
  "TLSv1.3": "tls13",
};

/** The versions every scanned address accepts, each asked by a hello of its own. */
export const tlsProtocolsLive = defineCheck({
  control: tlsProtocols,
  layer: "live",
  reads: "One ClientHello per version from SSLv2 to TLS 1.3 to every scanned address.",
  needs: { scans: tlsScan },
  wants: { routes: proxyRoutes },

  evaluate({ scans }, { routes }) {
    return judgeScans(
      scans,
      (scan) => judgeProtocols(scan, routes),
      (answered) =>
        pass(
          `Only ${[...new Set(answered.flatMap(({ protocols }) => protocols ?? []))].sort().join(" and ")} is accepted`,
          answered.map((scan) => seenAt(scan, showProtocols(scan))),
        ),
    );
  },
});

function judgeProtocols(scan: TlsScan, routes: Reading<ProxyRoutes>): ScanVerdict {
  const { protocols, protocolsUnknown } = scan;
  if (protocols === null) return { findings: [], unanswered: "no version was answered" };
  const block = servingBlock(routes, scan);
  const evidence = [seenAt(scan, showProtocols(scan)), ...blockEvidence(block)] as const;
  const fix = directiveFix("protocols", block);
  const old = protocols.filter((protocol) => DEPRECATED_PROTOCOLS.includes(protocol));
  const findings: Finding[] = old.map((protocol) => ({
    rule: `${SLUGS[protocol]}-accepted`,
    status: "fail",
    subject: showScan(scan),
    message: `${showScan(scan)} accepts ${protocol}`,
    fix,
    evidence,
  }));
  if (!protocols.includes("TLSv1.3") && !protocolsUnknown.includes("TLSv1.3")) {
    const message = `${showScan(scan)} does not offer TLS 1.3`;
    findings.push({
      rule: "no-tls13",
      status: "warn",
      subject: showScan(scan),
      message,
      fix,
      evidence,
    });
  }
  const open = openProtocols(scan);
  return { findings, ...(open !== undefined && { unanswered: open }) };
}

function showProtocols({ protocols, protocolsUnknown }: TlsScan): string {
  const open = protocolsUnknown.length > 0 ? `; no answer: ${protocolsUnknown.join(", ")}` : "";
  return `accepted: ${(protocols ?? []).join(", ") || "none"}${open}`;
}
