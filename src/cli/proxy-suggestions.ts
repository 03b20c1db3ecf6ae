import type { Host } from "../core/host.ts";
import type { Report, ReportedFinding } from "../core/report.ts";
import { createSuggester, type Suggester, type Suggestion } from "../facts/proxy-suggest.ts";
import { shownPlaces } from "../report/proxy.report.ts";
import type { ProxyAudit } from "./proxy-session.ts";

/** The diffs of the findings that the text report shows; the others' are not made. */
export async function suggestionsOf(
  host: Host,
  { report, named }: ProxyAudit,
  isVerbose: boolean,
): Promise<ReadonlyMap<ReportedFinding, Suggestion>> {
  const suggester = suggesterOf(host, named);
  const suggestions = new Map<ReportedFinding, Suggestion>();
  for (const finding of shownPlaces(report, isVerbose)) {
    if (finding.edits === undefined) continue;
    suggestions.set(finding, await suggester.suggest(finding.edits));
  }
  return suggestions;
}

/** One patch of all suggestions of all findings. */
export function patchOf(host: Host, { report, named }: ProxyAudit): Promise<Suggestion> {
  return suggesterOf(host, named).combine(changesOf(report));
}

/** The worst findings first: of two that want the same place theirs is taken. */
function changesOf({ controls }: Report) {
  const findings = controls.flatMap((control) => control.findings);
  return (["fail", "warn", "note"] as const).flatMap((status) =>
    findings.flatMap((one) => (one.status === status && one.edits ? [one.edits] : [])),
  );
}

function suggesterOf(host: Host, { files, readings }: ProxyAudit["named"]): Suggester {
  const trees = readings.nginx.map(({ tree }) => tree);
  return createSuggester(host, files, trees);
}
