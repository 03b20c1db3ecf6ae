import type { Finding } from "../../core/check.ts";

/** Findings told of one site by one control. What a hostile page can make thousands of fits no report. */
export const FINDINGS_MAX = 100;

/** The first of them, and one that says how many more there are and weighs as much as the worst of those. */
export function boundedFindings(findings: readonly Finding[]): readonly Finding[] {
  const rest = findings.slice(FINDINGS_MAX);
  const worst = rest.find(({ status }) => status === "fail") ?? rest[0];
  if (worst === undefined) return findings;
  const message = `${rest.length} more findings are left out, the first: ${worst.message}`;
  return [...findings.slice(0, FINDINGS_MAX), { ...worst, message }];
}
