import { defineCheck, type Finding, notApplicable, pass } from "../../../core/check.ts";
import type { Reading } from "../../../core/reading.ts";
import type { TlsScan } from "../../../core/tls-scan.ts";
import { describeSuite } from "../../../core/tls-suite.ts";
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
import { DH_BITS_MIN, SUITE_CLASSES, shortenList } from "../../tls-scan/suite-classes.ts";
import { tlsCiphers } from "./ciphers.control.ts";

/** The suites every scanned address accepts, version by version. */
export const tlsCiphersLive = defineCheck({
  control: tlsCiphers,
  layer: "live",
  reads: "Every suite the server accepts in each version, found by asking until it refuses.",
  needs: { scans: tlsScan },
  wants: { routes: proxyRoutes },

  evaluate({ scans }, { routes }) {
    return judgeScans(
      scans,
      (scan) => judgeSuites(scan, routes),
      (answered) => {
        const legacy = answered.flatMap(legacySuites);
        if (legacy.length === 0) return notApplicable("TLS 1.3 alone is offered");
        const summary = "Every suite up to TLS 1.2 has forward secrecy and AEAD";
        return pass(
          summary,
          answered.map((scan) => seenAt(scan, shortenList([...new Set(legacySuites(scan))]))),
        );
      },
    );
  },
});

function legacySuites({ suites }: TlsScan): readonly string[] {
  return Object.entries(suites).flatMap(([protocol, list]) =>
    protocol === "TLSv1.3" ? [] : (list ?? []),
  );
}

function judgeSuites(scan: TlsScan, routes: Reading<ProxyRoutes>): ScanVerdict {
  const names = [...new Set(Object.values(scan.suites).flatMap((list) => list ?? []))];
  const block = servingBlock(routes, scan);
  const fix = directiveFix("ciphers", block);
  const where = showScan(scan);
  const finding = (
    rule: string,
    status: Finding["status"],
    says: string,
    excerpt: string,
  ): Finding => ({
    rule,
    status,
    subject: where,
    message: `${where} ${says}`,
    fix,
    evidence: [seenAt(scan, excerpt), ...blockEvidence(block)],
  });
  const classed = Map.groupBy(names.map(describeSuite), (suite) =>
    SUITE_CLASSES.find(({ holds }) => holds(suite)),
  );
  const findings = SUITE_CLASSES.flatMap((one): readonly Finding[] => {
    const members = (classed.get(one) ?? []).map(({ name }) => name);
    if (members.length === 0) return [];
    return [
      finding(
        one.rule,
        one.status,
        `accepts ${one.what}: ${shortenList(members)}`,
        members.join(", "),
      ),
    ];
  });
  const isDhe = names.some((name) => describeSuite(name).keyExchange === "DHE");
  if (isDhe && scan.dhBits !== undefined && scan.dhBits < DH_BITS_MIN) {
    const says = `uses DH parameters of ${scan.dhBits} bits`;
    findings.push(
      finding("small-dh", "fail", says, `${says}, ${scan.dhCommonPrime ?? "own prime"}`),
    );
  }
  if (findings.length > 0 && classed.has(undefined) && scan.serverOrder === false) {
    const says = "lets the client choose from a mixed list of suites";
    findings.push(finding("client-order", "warn", says, "the server follows the client's order"));
  }
  return { findings, ...openQuestion(scan, names) };
}

function openQuestion(scan: TlsScan, names: readonly string[]): Pick<ScanVerdict, "unanswered"> {
  const [first] = Object.entries(scan.suitesIncomplete);
  if (first !== undefined) return { unanswered: `suites of ${first[0]}: ${first[1]}` };
  const open = openProtocols(scan);
  if (open !== undefined) return { unanswered: open };
  return names.length === 0 ? { unanswered: "no suite was seen" } : {};
}
