import type { Report } from "../core/report.ts";

/** The report model as it is, `plimsoll.report/1`, indented; lone surrogates become U+FFFD. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, (_, value) => (typeof value === "string" ? value.toWellFormed() : value), 2)}\n`;
}
