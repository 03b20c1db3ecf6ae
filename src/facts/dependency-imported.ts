import type { CollectContext } from "../core/fact.ts";
import { known, type Reading, unknown } from "../core/reading.ts";
import {
  type AuditParser,
  parseNpmAudit,
  parseOsvScanner,
  parsePipAudit,
} from "../parsers/audit-report.ts";
import { attempt } from "./attempt.ts";
import type { AuditResult, AuditRun } from "./dependency-audit.fact.ts";
import { resultOf } from "./dependency-tool.ts";
import { resolveFrom } from "./target-path.ts";

export const REPORT_BYTES_MAX = 8 * 1_048_576;
const DAY_MS = 86_400_000;

/** Reports that a pipeline leaves for the audit, with the auditor that wrote each. */
const REPORTS: readonly (readonly [name: string, parse: AuditParser])[] = [
  ["pip-audit.json", parsePipAudit],
  ["osv-report.json", parseOsvScanner],
  ["npm-audit.json", parseNpmAudit],
];
const DIRECTORIES = ["", ".plimsoll/"];

/** Imported reports with their age, by the time the file was last written. */
export async function importedRuns(context: CollectContext): Promise<readonly AuditRun[]> {
  const runs: AuditRun[] = [];
  for (const directory of DIRECTORIES) {
    for (const [name, parse] of REPORTS) {
      const tool = `${directory}${name}`;
      const result = await importReport(context, tool, parse);
      if (result.state !== "absent") runs.push({ tool, result });
    }
  }
  return runs;
}

async function importReport(
  { host, target, nowMs }: CollectContext,
  file: string,
  parse: AuditParser,
): Promise<Reading<AuditResult>> {
  const path = resolveFrom(target.directory, file);
  const text = await attempt(() => host.readFile(path, REPORT_BYTES_MAX));
  if (text.state !== "known") return text;
  const report = parse(text.value);
  if (report === undefined) return unknown("malformed", `${file} is no report of its auditor`);
  const stat = await attempt(() => host.stat(path));
  if (stat.state !== "known") {
    return unknown("not-recorded", `${file}: its age cannot be told`);
  }
  // A clock that runs behind the file system must not make a report younger than new.
  const ageDays = Math.max(0, Math.floor((nowMs - stat.value.modifiedMs) / DAY_MS));
  return known(resultOf(report, report.examined ?? 0, ageDays));
}
