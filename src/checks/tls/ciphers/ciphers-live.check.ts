import { defineCheck, type Finding, notApplicable, pass } from "../../../core/check.ts";
import type { Reading } from "../../../core/reading.ts";
import type { TlsScan } from "../../../core/tls-scan.ts";
import { describeSuite, type TlsSuite } from "../../../core/tls-suite.ts";
import { type ProxyRoutes, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { directiveFix } from "../../tls-scan/directives.ts";
import {
  blockEvidence,
  judgeScans,
  type ScanVerdict,
  seenAt,
  servingBlock,
  showScan,
} from "../../tls-scan/scanned.ts";
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
          answered.map((scan) => seenAt(scan, shorten([...new Set(legacySuites(scan))]))),
        );
      },
    );
  },
});

/** NIST SP 800-57 part 1: 112 bits of strength. */
const DH_BITS_MIN = 2048;
const STRENGTH_BITS_MIN = 112;

interface SuiteClass {
  readonly rule: string;
  readonly status: Finding["status"];
  readonly what: string;
  holds(suite: TlsSuite): boolean;
}

/** A suite is named under the first class it belongs to. */
const CLASSES: readonly SuiteClass[] = [
  weak("null", "suites without encryption", ({ isNull }) => isNull),
  weak("anonymous", "anonymous suites", ({ authentication }) => authentication === "anon"),
  weak("export", "export suites", ({ isExport }) => isExport),
  weak("rc4", "RC4", ({ isRc4 }) => isRc4),
  weak("small-block", "DES, 3DES or another 64-bit block", ({ isSmallBlock }) => isSmallBlock),
  weak("md5", "MD5", ({ isMd5 }) => isMd5),
  weak("weak-cipher", "suites under 112 bits", ({ bits }) => bits < STRENGTH_BITS_MIN),
  {
    rule: "no-forward-secrecy",
    status: "warn",
    what: "suites without forward secrecy",
    holds: ({ isForwardSecret }) => !isForwardSecret,
  },
  {
    rule: "cbc",
    status: "warn",
    what: "suites without AEAD (CBC)",
    holds: ({ isAead }) => !isAead,
  },
];

function weak(rule: string, what: string, holds: SuiteClass["holds"]): SuiteClass {
  return { rule, status: "fail", what, holds };
}

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
    CLASSES.find(({ holds }) => holds(suite)),
  );
  const findings = CLASSES.flatMap((one): readonly Finding[] => {
    const members = (classed.get(one) ?? []).map(({ name }) => name);
    if (members.length === 0) return [];
    return [
      finding(one.rule, one.status, `accepts ${one.what}: ${shorten(members)}`, members.join(", ")),
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
  if (scan.protocolsUnknown.length > 0) {
    return { unanswered: `${scan.protocolsUnknown.join(", ")} got no answer` };
  }
  return names.length === 0 ? { unanswered: "no suite was seen" } : {};
}

/** Suites named in a sentence. */
const SHOWN_MAX = 4;

function shorten(names: readonly string[]): string {
  const more = names.length - SHOWN_MAX;
  return `${names.slice(0, SHOWN_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
