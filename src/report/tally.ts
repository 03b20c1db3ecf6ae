import type { Report } from "../core/report.ts";

/** `1 failed, 2 warned, ...  (exit 2)`. UNKNOWN and SKIP are never summed as passed. */
export function tallyOf({ summary, exitCode }: Pick<Report, "summary" | "exitCode">): string {
  const { fail, warn, unknown, pass, skip } = summary;
  return `${fail} failed, ${warn} warned, ${unknown} unknown, ${pass} passed, ${skip} skipped  (exit ${exitCode})`;
}
