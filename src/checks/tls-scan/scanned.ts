import {
  cannotTell,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
} from "../../core/check.ts";
import { knownValue, type Reading } from "../../core/reading.ts";
import type { TlsCertificate, TlsScan } from "../../core/tls-scan.ts";
import type { ProxyKind, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";

/** `shop.example.test:443 (192.0.2.1)`; the address where it is not the host itself. */
export function showScan({ host, port, address }: TlsScan): string {
  const bare = host.replace(/^\[|\]$/g, "");
  const name = bare.includes(":") ? `[${bare}]:${port}` : `${bare}:${port}`;
  return address === "" || address === bare ? name : `${name} (${address})`;
}

/** The name the server was asked for, which its certificates have to cover. */
export function nameOf({ host, askedName }: TlsScan): string {
  return askedName ?? host;
}

/** What was seen at the address of `scan`. */
export function seenAt(scan: TlsScan, excerpt: string): Evidence {
  const host = scan.host.includes(":") && !scan.host.startsWith("[") ? `[${scan.host}]` : scan.host;
  return { url: `https://${host}:${scan.port}/`, excerpt };
}

/** `EC 256 certificate, CN=shop`. */
export function showCertificate({ keyType, keyBits, subject }: TlsCertificate): string {
  return `${keyType} ${keyBits} certificate ${subject === "" ? "(no subject)" : subject}`;
}

/** What one scan comes to: findings, and why it may not be called good. */
export interface ScanVerdict {
  readonly findings: readonly Finding[];
  /** A question that got no answer: without a finding the control is then unknown. */
  readonly unanswered?: string;
}

/**
 * Judges every scanned address that speaks TLS and joins them: a finding decides, else an address or
 * question without an answer makes it unknown, else `otherwise`.
 */
export function judgeScans(
  scans: readonly TlsScan[],
  judgeOne: (scan: TlsScan) => ScanVerdict,
  otherwise: (answered: readonly TlsScan[]) => Outcome,
): Outcome {
  const answered = scans.filter(({ state }) => state === "tls");
  const verdicts = answered.map((scan) => ({ scan, verdict: judgeOne(scan) }));
  const findings = verdicts.flatMap(({ verdict }) => verdict.findings);
  if (findings.length > 0) return judge(findings, otherwise(answered));
  const silent = scans.find(({ state }) => state === "unreachable" || state === "unknown");
  if (silent !== undefined) {
    const why = silent.why ?? "no answer";
    return cannotTell("unreachable", `${showScan(silent)}: ${why}`);
  }
  const open = verdicts.find(({ verdict }) => verdict.unanswered !== undefined);
  if (open !== undefined) {
    const { scan, verdict } = open;
    return cannotTell("timed-out", `${showScan(scan)}: ${verdict.unanswered}`);
  }
  if (answered.length === 0) return notApplicable("No audited address speaks TLS");
  return otherwise(answered);
}

/** Where the proxy that serves `scan` is configured. */
export interface ServingBlock {
  readonly proxy: ProxyKind;
  readonly file: string;
  readonly line: number;
  readonly excerpt: string;
  /** Names of every server block on that listener that answers to the scanned host. */
  readonly names: readonly string[];
  readonly certificateFile?: string;
}

/** The TLS listener for the scan's host and port, when the proxy's configuration was read. */
export function servingBlock(
  routes: Reading<ProxyRoutes>,
  scan: TlsScan,
): ServingBlock | undefined {
  const { port } = scan;
  const known = knownValue(routes)?.routes ?? [];
  const asked = nameOf(scan).toLowerCase();
  for (const { proxy, names, listeners } of known) {
    const listener = listeners.find((one) => one.isTls && one.port === port);
    if (listener === undefined || !names.some((name) => name.toLowerCase() === asked)) continue;
    return {
      proxy,
      file: listener.file,
      line: listener.line,
      excerpt: listener.because,
      names,
      ...(listener.certificate !== undefined && { certificateFile: listener.certificate.file }),
    };
  }
  return undefined;
}

/** Evidence of the block, where it is known. */
export function blockEvidence(block: ServingBlock | undefined): readonly Evidence[] {
  if (block === undefined) return [];
  return [{ file: block.file, line: block.line, excerpt: block.excerpt }];
}

/** Why versions are unknown: by what the server said to every hello, else it said nothing. */
export function openProtocols({ protocolsUnknown, why }: TlsScan): string | undefined {
  if (protocolsUnknown.length === 0) return undefined;
  return why ?? `${protocolsUnknown.join(", ")} got no answer`;
}
