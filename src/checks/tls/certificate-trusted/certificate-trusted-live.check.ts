import { defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import type { Reading } from "../../../core/reading.ts";
import type { TlsCertificate, TlsScan } from "../../../core/tls-scan.ts";
import { type ProxyRoutes, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { certificateFix, chainFix } from "../../tls-scan/directives.ts";
import {
  blockEvidence,
  judgeScans,
  nameOf,
  type ScanVerdict,
  type ServingBlock,
  seenAt,
  servingBlock,
  showCertificate,
  showScan,
} from "../../tls-scan/scanned.ts";
import { tlsCertificateTrusted } from "./certificate-trusted.control.ts";
import { chainFaults } from "./chain-faults.ts";

/** Every certificate the scanned servers show, against the system's store. */
export const tlsCertificateTrustedLive = defineCheck({
  control: tlsCertificateTrusted,
  layer: "live",
  reads:
    "Every certificate chain the server shows (RSA, ECDSA and EdDSA), verified over the sent list and the system's store.",
  needs: { scans: tlsScan },
  wants: { routes: proxyRoutes },

  evaluate({ scans }, { routes }) {
    const plain = scans.filter(({ state }) => state === "not-tls").map(notTls);
    const asked = scans.filter(({ state }) => state !== "not-tls");
    if (plain.length > 0) {
      const others = asked.flatMap((scan) => judgeChains(scan, routes).findings);
      return judge([...plain, ...others], pass("Every address speaks TLS"));
    }
    return judgeScans(
      asked,
      (scan) => judgeChains(scan, routes),
      (answered) =>
        pass(
          `Every certificate of ${answered.map(showScan).join(", ")} verifies`,
          answered.flatMap((scan) => (scan.certificates ?? []).map((one) => chainAt(scan, one))),
        ),
    );
  },
});

function notTls(scan: TlsScan): Finding {
  return {
    rule: "not-tls",
    status: "fail",
    subject: showScan(scan),
    message: `${showScan(scan)} does not speak TLS: ${scan.why ?? "no TLS answer"}`,
    fix: notTlsFix(scan),
    evidence: [seenAt(scan, scan.why ?? "no TLS answer")],
  };
}

function notTlsFix(scan: TlsScan): string {
  const { port, why = "" } = scan;
  // It may well have TLS, by an upgrade that nobody asked for.
  if (why.startsWith("greets in clear")) {
    return "Scan it by its own protocol: plimsoll tls HOST:PORT --starttls smtp (or imap, pop3)";
  }
  return `Give the listener on port ${port} a certificate (nginx: listen ${port} ssl; ssl_certificate; ssl_certificate_key). ${certificateFix([nameOf(scan)], undefined)}`;
}

function judgeChains(scan: TlsScan, routes: Reading<ProxyRoutes>): ScanVerdict {
  const block = servingBlock(routes, scan);
  const certificates = scan.certificates ?? [];
  const findings = certificates.flatMap((one) => chainFindings(scan, one, block));
  const revoked = scan.staple === "revoked" ? [revokedFinding(scan, block)] : [];
  const isOpen = certificates.some(({ trusted }) => trusted === "unknown");
  return {
    findings: [...revoked, ...findings],
    ...(certificates.length === 0 && { unanswered: "no certificate was seen" }),
    ...(isOpen && { unanswered: "the system's trust store could not be read" }),
  };
}

function chainFindings(
  scan: TlsScan,
  certificate: TlsCertificate,
  block: ServingBlock | undefined,
): readonly Finding[] {
  const { keyType } = certificate;
  return chainFaults(certificate).map(({ rule, status, says }) => ({
    rule,
    status,
    subject: `${showScan(scan)} ${keyType}`,
    message: `The certificate of ${showScan(scan)} ${says}`,
    fix: fixOf(rule, scan, block),
    evidence: [chainAt(scan, certificate), ...blockEvidence(block)],
  }));
}

/** What a root signed itself with proves nothing, so that it is no weak signature of the chain. */
function fixOf(rule: string, scan: TlsScan, block: ServingBlock | undefined): string {
  const file = block?.certificateFile;
  const at = file === undefined ? "the certificate file" : file;
  switch (rule) {
    case "incomplete-chain":
    case "wrong-order":
      return chainFix(block);
    case "untrusted":
      return `${certificateFix([nameOf(scan)], block)}. Where the issuer is your own CA, scan with --cacert FILE and distribute it to every client`;
    case "must-staple-missing":
      return block?.proxy === "apache"
        ? "Write: SSLUseStapling on; then run: systemctl reload apache2"
        : "Write in the server block (nginx): ssl_stapling on; ssl_stapling_verify on; or reissue without --must-staple";
    case "sha1-root":
      return `Leave the root out of ${at}: clients have their own copy`;
    case "private-ca":
      return `Distribute your CA to every client, or run: certbot certonly -d ${nameOf(scan)}`;
    case "oversized-key":
      return `Run: certbot certonly --key-type ecdsa -d ${nameOf(scan)}`;
    default:
      return certificateFix([nameOf(scan)], block);
  }
}

function revokedFinding(scan: TlsScan, block: ServingBlock | undefined): Finding {
  return {
    rule: "revoked",
    status: "fail",
    subject: showScan(scan),
    message: `The certificate of ${showScan(scan)} is revoked`,
    fix: `${certificateFix([nameOf(scan)], block)} --force-renewal with a new key`,
    evidence: [seenAt(scan, "OCSP staple: revoked"), ...blockEvidence(block)],
  };
}

function chainAt(scan: TlsScan, certificate: TlsCertificate) {
  const { chain, signature, problems } = certificate;
  const subjects = chain.slice(0, 5).map(({ subject }) => subject);
  const verdict = problems.length > 0 ? `; ${problems.join(", ")}` : "";
  const text = `${showCertificate(certificate)}, ${signature}; chain ${subjects.join(" <- ")}${verdict}`;
  return seenAt(scan, text);
}
