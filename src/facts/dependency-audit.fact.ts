import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** What the installed auditors said. Absent when there is nothing to audit. */
export interface DependencyAudit {
  readonly manifests: readonly string[];
  readonly runs: readonly AuditRun[];
}

export interface AuditRun {
  /** `pip-audit`, `uv run pip-audit`, `npm audit`, `osv-scanner`, or the imported report's path. */
  readonly tool: string;
  readonly version?: string;
  /** Unknown when the tool is missing, timed out, or gave nothing that parses. */
  readonly result: Reading<AuditResult>;
}

export interface AuditResult {
  readonly examined: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly vulnerabilities: readonly {
    readonly package: string;
    readonly version: string;
    readonly id: string;
    readonly aliases: readonly string[];
    readonly fixedIn: readonly string[];
    readonly severity?: string;
  }[];
  /** Age of an imported report in days; 0 for a run of now. */
  readonly ageDays: number;
}

export const dependencyAudit = defineFact({
  id: "dependency-audit",
  title: "Known vulnerabilities of dependencies",
  access: "run",
  timeoutMs: 60_000,
  async collect(): Promise<Reading<DependencyAudit>> {
    return unknown("unsupported", "not written yet");
  },
});
