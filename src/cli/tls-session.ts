import { audit } from "../audit/audit.ts";
import { tlsServerChecks } from "../checks/tls-server.ts";
import type { AnyFact } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { known, type Reading, unknown } from "../core/reading.ts";
import type { Report } from "../core/report.ts";
import { hstsOf } from "../core/tls-grade-caps.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { gradeTls, toReportGrade } from "../grades/ssl-labs.grade.ts";
import { createLocalHost } from "../host/local-host.ts";
import { createRefusingHost } from "../host/refusing-host.ts";
import type { Options } from "./command.ts";
import { connectRules } from "./connect-rules.ts";
import type { CliIo } from "./io.ts";
import { VERSION } from "./version.ts";

/** A host that may open connections and read the trust store. */
export function createScanHost(options: Options, io: CliIo): Host {
  return createLocalHost({ connectTo: connectRules(options), environment: io.environment });
}

export interface JudgeInput {
  readonly options: Options;
  readonly io: CliIo;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** The catalog's TLS controls over finished scans, with the scans and grades in the report. */
export async function judgeScans(
  scans: readonly TlsScan[],
  { options, io, nowMs, signal }: JudgeInput,
): Promise<Report> {
  // Whatever else a check would like to know of a deployment, there is none here.
  const missing = tlsServerChecks
    .flatMap(({ needs, wants }): readonly AnyFact[] => Object.values({ ...needs, ...wants }))
    .map(({ id, title }): [string, Reading<unknown>] => [
      id,
      unknown("not-recorded", `${title}: only a server was named`),
    ]);
  const report = await audit({
    selection: { selected: tlsServerChecks, switchedOff: [] },
    granted: new Set(),
    preset: new Map([...missing, ["tls-scan", known(scans)], ["clock", known({ nowMs })]]),
    mode: { label: "unknown", roles: [], decidedBy: "only a server was named" },
    strict: options.isOn("strict"),
    version: VERSION,
    elapsedMs: io.elapsed,
    context: {
      host: createRefusingHost("only a server was named"),
      target: { directory: "/", urls: urlsOf(scans), mode: [], compat: false, hostFacts: false },
      nowMs,
      fingerprintKey: "",
      signal,
    },
  });
  const { directory: _, ...target } = report.target;
  const grades = scans.flatMap((scan) => {
    const grade = gradeTls(scan, { hsts: hstsOf(scan) });
    const { host, port, address } = scan;
    return grade === undefined ? [] : [{ ...toReportGrade(grade), host, port, address }];
  });
  return {
    ...report,
    target,
    problems: [],
    grades,
    tls: scans,
  };
}

function urlsOf(scans: readonly TlsScan[]): readonly string[] {
  return [
    ...new Set(
      scans.map(({ host, port }) => `https://${host.includes(":") ? `[${host}]` : host}:${port}/`),
    ),
  ];
}
