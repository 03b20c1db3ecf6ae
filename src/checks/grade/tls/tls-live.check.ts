import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import type { Reading } from "../../../core/reading.ts";
import { gradeTls } from "../../../core/tls-grade.ts";
import { type GradeCap, hstsOf } from "../../../core/tls-grade-caps.ts";
import type { TlsGrade, TlsScan } from "../../../core/tls-scan.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { type ProxyRoutes, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { certificateFix, chainFix, directiveFix } from "../../tls-scan/directives.ts";
import {
  blockEvidence,
  judgeScans,
  nameOf,
  openProtocols,
  type ScanVerdict,
  type ServingBlock,
  seenAt,
  servingBlock,
  showScan,
} from "../../tls-scan/scanned.ts";
import { gradeTlsControl } from "./tls.control.ts";

/** The grade of every scanned address, computed here. */
export const gradeTlsLive = defineCheck({
  control: gradeTlsControl,
  layer: "live",
  reads: "The SSL Server Rating Guide 2009r over what every scanned address answered.",
  needs: { scans: tlsScan, clock },
  wants: { routes: proxyRoutes },

  evaluate({ scans, clock: { nowMs } }, { routes }) {
    return judgeScans(
      scans,
      (scan) => judgeGrade(scan, routes, nowMs),
      (answered) => {
        const graded = answered.map((scan) => ({ scan, grade: gradeOf(scan) }));
        const letters = [...new Set(graded.map(({ grade }) => grade?.grade ?? "none"))];
        return pass(
          `The grade is ${letters.join(", ")}`,
          graded.map(({ scan, grade }) =>
            seenAt(scan, grade === undefined ? "" : showGrade(grade, nowMs)),
          ),
        );
      },
    );
  },
});

function gradeOf(scan: TlsScan): TlsGrade | undefined {
  return gradeTls(scan, { hsts: hstsOf(scan) });
}

const STATUS: Readonly<Record<string, Finding["status"] | undefined>> = {
  "A+": undefined,
  A: undefined,
  "A-": "warn",
  B: "warn",
};

function judgeGrade(scan: TlsScan, routes: Reading<ProxyRoutes>, nowMs: number): ScanVerdict {
  const grade = gradeOf(scan);
  if (grade === undefined)
    return { findings: [], unanswered: "too little was answered for a grade" };
  const { grade: letter, caps } = grade;
  const status = Object.hasOwn(STATUS, letter) ? STATUS[letter] : "fail";
  const block = servingBlock(routes, scan);
  const because = caps.map((cap) => cap.because).join("; ") || `score ${grade.score}`;
  const findings: readonly Finding[] =
    status === undefined
      ? []
      : [
          {
            rule: `grade-${letter.toLowerCase().replace("-", "-minus")}`,
            status,
            subject: showScan(scan),
            message: `The grade of ${showScan(scan)} is ${letter}: ${because}`,
            fix: fixOf(grade, scan, block),
            evidence: [seenAt(scan, showGrade(grade, nowMs)), ...blockEvidence(block)],
          },
        ];
  const open = unansweredIn(scan);
  return {
    findings,
    ...(open !== undefined && { unanswered: `${letter} is provisional: ${open}` }),
  };
}

function unansweredIn(scan: TlsScan): string | undefined {
  const incomplete = Object.entries(scan.suitesIncomplete)
    .map(([protocol, why]) => `suites of ${protocol}: ${why}`)
    .at(0);
  const open = openProtocols(scan);
  if (open !== undefined) return open;
  if ((scan.certificates ?? []).length === 0) return "no certificate was seen";
  return incomplete;
}

/** By what the caps are about, each remedy once. */
function fixOf({ caps }: TlsGrade, scan: TlsScan, block: ServingBlock | undefined): string {
  // A new certificate would come without its intermediate as well.
  const isIncomplete = ({ because }: GradeCap) => because.includes("chain is incomplete");
  const text = caps
    .filter((cap) => !isIncomplete(cap))
    .map(({ because }) => because)
    .join("; ");
  const fixes = [
    caps.some(isIncomplete) ? chainFix(block) : undefined,
    /certificate|chain|issuer|signed|\bkey of|RSA key/i.test(text)
      ? certificateFix([nameOf(scan)], block)
      : undefined,
    /SSLv|TLS 1\.[0-3]/.test(text) ? directiveFix("protocols", block) : undefined,
    /has \d+ bits|suites|curve|RC4|64-bit|forward secrecy|AEAD/.test(text)
      ? directiveFix("ciphers", block)
      : undefined,
    /DH parameters/.test(text)
      ? "Use ECDHE alone, or DH parameters of 2048 bits (openssl dhparam -out dhparam.pem 2048)"
      : undefined,
    /HSTS/.test(text) ? directiveFix("hsts", block) : undefined,
    /Heartbleed|CCS|Ticketbleed|ROBOT|renegotiation|CRIME/.test(text)
      ? "Update the TLS library and server (apt-get update && apt-get upgrade) and restart it"
      : undefined,
  ].filter((fix) => fix !== undefined);
  return fixes.length > 0 ? fixes.join(". ") : directiveFix("ciphers", block);
}

/** The letter with its arithmetic, the method's version and the day: servers and rules both change. */
function showGrade(grade: TlsGrade, nowMs: number): string {
  const { score, parts, caps, ifTrustIgnored, notes } = grade;
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const { protocolSupport, keyExchange, cipherStrength } = parts;
  const sum = `0.3 x ${protocolSupport} + 0.3 x ${keyExchange} + 0.4 x ${cipherStrength} = ${score}`;
  const limits = caps.map(({ to, because }) => `${to}: ${because}`).join("; ");
  const ignored = ifTrustIgnored === undefined ? "" : `; ${ifTrustIgnored} if trust is ignored`;
  const said = [`${sum}${limits === "" ? "" : `; ${limits}`}${ignored}`, ...notes].join("; ");
  return `${grade.grade} (2009r, ${day}): ${said}`;
}
