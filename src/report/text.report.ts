import { styleText } from "node:util";

import { type Evidence, SEVERITIES, STATUSES, type Status } from "../core/check.ts";
import type { ControlResult, Report, ReportedFinding } from "../core/report.ts";
import type { Statement, Trace } from "../core/trace.ts";
import { printable, shorten, wrap } from "./printable.ts";

export interface TextOptions {
  /** Whether to colour; the caller knows the stream, NO_COLOR and `--color`. */
  readonly isColoured: boolean;
  /** Whether passes and skips are listed one by one. */
  readonly isVerbose: boolean;
}

const COLUMNS = 100;
const INDENT = " ".repeat(10);
const EVIDENCE_MAX = 8;
const EXCERPT_CHARACTERS_MAX = 160;

const COLOUR: Readonly<Record<Status, Parameters<typeof styleText>[0]>> = {
  fail: ["bold", "red"],
  warn: ["bold", "yellow"],
  unknown: ["bold", "magenta"],
  pass: ["bold", "green"],
  skip: ["dim"],
};

/** Worst first; a block a control that does not pass, a line for the rest; the verdict last. */
export function renderText(report: Report, options: TextOptions): string {
  const controls = [...report.controls].sort(byUrgency);
  const detailed = controls.filter(({ status }) => options.isVerbose || needsAttention(status));
  const brief = options.isVerbose
    ? []
    : [...briefly(controls, "pass"), ...briefly(controls, "skip")];
  return [
    ...header(report),
    "",
    ...detailed.flatMap((control) => [...block(control, options), ""]),
    ...brief,
    ...(brief.length > 0 ? [""] : []),
    ...problems(report),
    ...verdict(report, options),
    "",
  ].join("\n");
}

function header({ tool, target, mode }: Report): readonly string[] {
  const host = target.host === undefined ? "" : ` on ${target.host}`;
  const what = [target.directory ?? "", ...target.urls].filter((part) => part !== "").join("  ");
  return [
    printable(`Plimsoll ${tool.version}  ${what}${host}`),
    printable(`Mode: ${mode.label} (${mode.decidedBy})`),
  ];
}

function needsAttention(status: Status): boolean {
  return status !== "pass" && status !== "skip";
}

function byUrgency(a: ControlResult, b: ControlResult): number {
  const status = STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status);
  return status !== 0 ? status : SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function block(control: ControlResult, options: TextOptions): readonly string[] {
  const label = paint(control.status.toUpperCase().padEnd(8), control.status, options);
  const reason =
    control.status === "skip" || control.status === "unknown" ? control.because : undefined;
  const notes = [control.severity, ...(reason === undefined ? [] : [reason])].join(", ");
  return [
    `${label}  ${control.id} (${notes})`,
    ...indented(control.summary),
    ...control.findings.flatMap((finding) => findingLines(finding, control)),
    ...(control.findings.length === 0 ? supportLines(control) : []),
    ...traceLines(control.trace),
  ];
}

function findingLines(finding: ReportedFinding, control: ControlResult): readonly string[] {
  const isTold = control.summary.startsWith(finding.message);
  return [
    ...(isTold ? [] : indented(`- ${finding.message}`)),
    ...evidenceLines(finding.evidence),
    ...indented(`Fix: ${finding.fix}`),
  ];
}

/** What a pass rests on, or why a layer could not be looked at. */
function supportLines({ layers, summary }: ControlResult): readonly string[] {
  return layers.flatMap((layer) => [
    ...(layer.summary === summary
      ? []
      : indented(`${layer.layer}: ${layer.status}, ${layer.summary}`)),
    ...evidenceLines(layer.evidence ?? []),
  ]);
}

function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  const shown = evidence.slice(0, EVIDENCE_MAX).map((item) => {
    const excerpt = shorten(item.excerpt, EXCERPT_CHARACTERS_MAX);
    return [place(item), excerpt].filter((part) => part !== "").join("  ");
  });
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`... and ${more} more`] : [])].flatMap(indented);
}

function place({ file, line, column, url }: Evidence): string {
  if (file === undefined) return url ?? "";
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function traceLines(trace: Trace | undefined): readonly string[] {
  if (trace === undefined || trace.steps.length < 2) return [];
  const steps = trace.steps.map(stepText).join(" -> ");
  return indented(`Trace (${trace.verdict}): ${steps}`);
}

function stepText({ layer, says, value, where }: Statement): string {
  const what = says === "sets" ? value || "(empty)" : says;
  return `${layer} ${what} (${where})`;
}

function indented(text: string): readonly string[] {
  return wrap(printable(text), COLUMNS - INDENT.length, "  ").map((line) => `${INDENT}${line}`);
}

function briefly(controls: readonly ControlResult[], status: "pass" | "skip"): readonly string[] {
  const ids = controls.filter((control) => control.status === status).map(({ id }) => id);
  if (ids.length === 0) return [];
  const label = `${status.padEnd(8)}  `;
  return wrap(`${label}${ids.join(", ")}`, COLUMNS, INDENT);
}

function problems({ problems }: Report): readonly string[] {
  const real = problems.filter(({ code }) => code !== "not-granted" && code !== "not-recorded");
  if (real.length === 0) return [];
  const lines = real.map(({ fact, code, detail }) =>
    wrap(printable(`  ${fact}: ${code}, ${detail}`), COLUMNS, "    "),
  );
  return ["Could not look at:", ...lines.flat(), ""];
}

/** One sentence a person can act on, then the tally. UNKNOWN and SKIP are never summed as passed. */
function verdict(report: Report, options: TextOptions): readonly string[] {
  const { fail, warn, unknown, pass, skip } = report.summary;
  const tally = `${fail} failed, ${warn} warned, ${unknown} unknown, ${pass} passed, ${skip} skipped`;
  const [status, sentence] = sentenceOf(report);
  return [paint(sentence, status, options), `${tally}  (exit ${report.exitCode})`];
}

function sentenceOf({ exitCode, summary, controls }: Report): readonly [Status, string] {
  if (exitCode === 3) return ["unknown", "INCOMPLETE: the audit was cut short; this is no verdict"];
  if (exitCode === 70)
    return ["unknown", "NO VERDICT: plimsoll itself failed in a check (see above)"];
  if (summary.fail > 0) return ["fail", "NOT SAFE TO SHIP"];
  if (exitCode === 2) return ["fail", "NOT SAFE TO SHIP: a critical control could not be verified"];
  if (summary.warn > 0) return ["warn", "Ship only with these warnings accepted"];
  if (exitCode === 1) return ["unknown", "Not everything could be verified"];
  if (!hasSubject(controls)) {
    return ["unknown", "Nothing here could be judged: is this the right directory?"];
  }
  if (summary.unknown > 0) return ["pass", "Safe to ship, but for what could not be verified"];
  return ["pass", "Safe to ship, by everything that was checked"];
}

/** The mode of a node can be told of any directory, an empty one too: it alone is no evidence. */
function hasSubject(controls: readonly ControlResult[]): boolean {
  return controls.some(({ id, status }) => status !== "skip" && id !== "mode.declared");
}

function paint(text: string, status: Status, { isColoured }: TextOptions): string {
  return isColoured ? styleText(COLOUR[status], text, { validateStream: false }) : text;
}
