import type { CollectContext } from "../core/fact.ts";
import type { RunResult } from "../core/host.ts";
import { known, knownValue, type Problem, type Reading, unknown } from "../core/reading.ts";
import type { AuditParser, AuditReport } from "../parsers/audit-report.ts";
import { attempt } from "./attempt.ts";
import type { AuditResult, AuditRun } from "./dependency-audit.fact.ts";

/** One auditor that can answer for a set of manifests. */
export interface Auditor {
  /** As the report names it: `npm audit`. */
  readonly tool: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute; `/` unless the auditor needs the directory of its lock file. */
  readonly cwd: string;
  readonly parse: AuditParser;
  /** Packages looked at, where the tool tells it beside its report. */
  readonly examined?: (result: RunResult) => number | undefined;
}

/** Well below the fact's own limit. */
export const AUDITOR_TIMEOUT_MS = 45_000;
const VERSION_TIMEOUT_MS = 5_000;

const NO_NETWORK =
  /ConnectionError|NewConnectionError|Max retries exceeded|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|dial tcp|no such host|network is unreachable|Read timed out|ProxyError|SSLError|service error|HTTPError|\b50[234]\b/i;
const NOT_PINNED =
  /not pinned|unpinned|must be pinned|require-hashes|missing hashes|hashes are missing/i;

/** The first auditor of the list that gives a report; when none does, why the best of them did not. */
export async function firstAnswer(
  context: CollectContext,
  auditors: readonly Auditor[],
): Promise<readonly AuditRun[]> {
  const failed: { readonly tool: string; readonly problem: Problem }[] = [];
  for (const auditor of auditors) {
    const result = await runAuditor(context, auditor);
    if (result.state === "known") {
      const version = await versionOf(context, auditor.program);
      const { tool } = auditor;
      return [{ tool, result, ...(version === undefined ? {} : { version }) }];
    }
    if (result.state === "unknown") failed.push({ tool: auditor.tool, problem: result.problem });
  }
  // A tool that ran and failed says more than one that is not there.
  const isPresent = ({ problem }: (typeof failed)[number]) =>
    problem.code !== "tool-missing" && problem.code !== "not-recorded";
  const best =
    failed.find(isPresent) ??
    failed.find(({ problem }) => problem.code === "tool-missing") ??
    failed[0];
  if (best === undefined) return [];
  return [{ tool: best.tool, result: unknown(best.problem.code, best.problem.detail) }];
}

async function runAuditor(
  context: CollectContext,
  auditor: Auditor,
): Promise<Reading<AuditResult>> {
  const { tool, program, args, cwd, parse } = auditor;
  const { host, signal } = context;
  const run = await attemptRun(program, () =>
    host.run(program, args, {
      cwd,
      timeoutMs: AUDITOR_TIMEOUT_MS,
      signal,
      needsNetwork: true,
    }),
  );
  if (run.state !== "known") return run;
  // pip-audit exits 1 for findings and for errors: the report decides, never the exit code.
  const report = parse(run.value.stdout);
  if (report === undefined) return whyNoReport(tool, run.value);
  const examined = auditor.examined?.(run.value) ?? report.examined ?? 0;
  return known(resultOf(report, examined, 0));
}

/** A program that is missing, or too slow, is that auditor's answer and not the fact's end. */
async function attemptRun(
  program: string,
  run: () => Promise<RunResult>,
): Promise<Reading<RunResult>> {
  const reading = await attempt(run, ["timed-out"]);
  return reading.state === "absent"
    ? unknown("tool-missing", `${program} is not installed`)
    : reading;
}

/** A report in the fact's terms. */
export function resultOf(report: AuditReport, examined: number, ageDays: number): AuditResult {
  const { skipped, vulnerabilities } = report;
  return { examined, skipped, vulnerabilities, ageDays };
}

/** In own words: what tools print may hold index URLs with credentials. */
function whyNoReport(tool: string, { exit, stdout, stderr }: RunResult): Reading<never> {
  const said = `${stderr}\n${stdout}`;
  if (NO_NETWORK.test(said)) {
    return unknown("unreachable", `${tool} could not reach its advisory source`);
  }
  if (NOT_PINNED.test(said)) {
    return unknown(
      "unsupported",
      `${tool} needs exact versions: a requirement without == cannot be audited unresolved`,
    );
  }
  const how = exit === null ? "was ended by a signal" : `ended with exit code ${exit}`;
  return unknown("malformed", `${tool} ${how} and gave no report that can be read`);
}

async function versionOf(
  { host, target, signal }: CollectContext,
  program: string,
): Promise<string | undefined> {
  if (!target.hostFacts) return undefined;
  const options = { cwd: "/", timeoutMs: VERSION_TIMEOUT_MS, signal };
  const run = await attemptRun(program, () => host.run(program, ["--version"], options));
  return /\d+\.\d+(?:\.\d+)?/.exec(knownValue(run)?.stdout ?? "")?.[0];
}
