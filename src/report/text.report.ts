import { type Evidence, SEVERITIES, STATUSES, type Status } from "../core/check.ts";
import type { ControlResult, Report, ReportedFinding } from "../core/report.ts";
import type { Statement, Trace } from "../core/trace.ts";
import { printable, shorten, wrap } from "./printable.ts";
import { type Style, styled } from "./styled.ts";
import { tallyOf } from "./tally.ts";

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

const COLOUR: Readonly<Record<Status, Style>> = {
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
    ...alike(detailed, options).flatMap((group) => [...block(group, options), ""]),
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

/** What only a person can say comes after what could not be looked at. */
function byUrgency(a: ControlResult, b: ControlResult): number {
  const status = STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status);
  if (status !== 0) return status;
  const stated = Number(isUnattested(a)) - Number(isUnattested(b));
  return stated !== 0 ? stated : SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

type Group = readonly [ControlResult, ...ControlResult[]];

/** What a summary says last, when it is long enough to be a reason: `…: it lies outside …`. */
const REASON = /^(.*): ([^:]{20,})$/s;
const PATH = /[^\s,;:()"']*[./][^\s,;:()"']*/g;

/** Equal for unknowns that one unread file, or one problem with the same files, gives rise to. */
function reasonOf({ summary, because }: ControlResult): string {
  const [, what = "", why] = REASON.exec(summary) ?? [];
  if (why === undefined) return `${because} ${summary}`;
  return [...(what.match(PATH) ?? []), why].join(" ");
}

/** Controls that could not be verified for one and the same reason are told once. */
function alike(controls: readonly ControlResult[], { isVerbose }: TextOptions): readonly Group[] {
  const groups = new Map<string, [ControlResult, ...ControlResult[]]>();
  for (const control of controls) {
    const isShared = control.status === "unknown" && !isVerbose;
    const key = isShared ? reasonOf(control) : `/${control.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [control]);
    else group.push(control);
  }
  return [...groups.values()];
}

function isUnattested({ status, because }: ControlResult): boolean {
  return status === "unknown" && because === "not-attested";
}

/** Controls that wait for a person's word, worst first: named, not told one by one. */
function unattestedBlock(group: Group, options: TextOptions): readonly string[] {
  const label = styled("UNKNOWN".padEnd(8), COLOUR.unknown, options);
  const count = group.length === 1 ? "1 control" : `${group.length} controls`;
  const bySeverity = SEVERITIES.flatMap((severity) => {
    const ids = group.filter((one) => one.severity === severity).map(({ id }) => id);
    return ids.length === 0 ? [] : indented(`${severity}: ${ids.join(", ")}`);
  });
  return [
    `${label}  ${styled(count, "bold", options)} that nobody attests (not-attested)`,
    ...bySeverity,
    ...indented("A person has to say: plimsoll attest items (--skip attested leaves them out)"),
  ];
}

function block(group: Group, options: TextOptions): readonly string[] {
  const [control] = group;
  if (isUnattested(control) && !options.isVerbose && !control.summary.includes(":"))
    return unattestedBlock(group, options);
  const label = styled(control.status.toUpperCase().padEnd(8), COLOUR[control.status], options);
  const reason =
    control.status === "skip" || control.status === "unknown" ? control.because : undefined;
  const notes = [control.severity, ...(reason === undefined ? [] : [reason])].join(", ");
  const others = group.slice(1).map(({ id }) => id);
  return [
    `${label}  ${styled(control.id, "bold", options)} (${notes})`,
    ...indented(control.summary),
    ...(others.length > 0 ? indented(`For the same reason: ${others.join(", ")}`) : []),
    ...findingsLines(control, options),
    ...(control.findings.length === 0 && (group.length === 1 || options.isVerbose)
      ? supportLines(control, options)
      : []),
    // Of a value that could not be made out the steps seen so far would mislead.
    ...(control.status === "unknown" && !options.isVerbose ? [] : traceLines(control.trace)),
  ];
}

/** Findings shown without `--verbose`; the tally of a control names all of them. */
const FINDINGS_MAX = 5;

function findingsLines(control: ControlResult, options: TextOptions): readonly string[] {
  const findings = control.findings.filter(({ status }) => options.isVerbose || status !== "note");
  const shown = options.isVerbose ? findings : findings.slice(0, FINDINGS_MAX);
  const more = findings.length - shown.length;
  return [
    ...shown.flatMap((finding, at) => [
      ...findingLines(finding, control, shown[at - 1], options),
      ...fixLines(finding, shown[at + 1], options),
    ]),
    ...(more > 0 ? indented(`... and ${more} more findings, listed by --verbose`) : []),
  ];
}

/** What two findings in a row have in common is told once: the evidence first, the fix last. */
function findingLines(
  { message, evidence }: ReportedFinding,
  control: ControlResult,
  before: ReportedFinding | undefined,
  options: TextOptions,
): readonly string[] {
  const isTold = control.summary.startsWith(message);
  const isSeen = JSON.stringify(before?.evidence) === JSON.stringify(evidence);
  return [
    ...(isTold ? [] : indented(`- ${message}`)),
    ...(isSeen ? [] : evidenceLines(evidence, options)),
  ];
}

/** Never broken into lines: it is there to be copied. */
function fixLines(
  { fix }: ReportedFinding,
  after: ReportedFinding | undefined,
  options: TextOptions,
): readonly string[] {
  if (after?.fix === fix) return [];
  return [`${INDENT}${styled("Fix:", "cyan", options)} ${printable(fix)}`];
}

/** What a pass rests on, or why a layer could not be looked at. */
function supportLines(
  { layers, summary, status }: ControlResult,
  options: TextOptions,
): readonly string[] {
  const told = layers.filter(
    (layer) => options.isVerbose || status !== "unknown" || layer.status !== "skip",
  );
  return told.flatMap((layer) => [
    ...(layer.summary === summary
      ? []
      : indented(`${layer.layer}: ${layer.status}, ${layer.summary}`)),
    ...evidenceLines(layer.evidence ?? [], options),
  ]);
}

function evidenceLines(evidence: readonly Evidence[], options: TextOptions): readonly string[] {
  const shown = evidence.slice(0, EVIDENCE_MAX).map((item) => {
    const excerpt = shorten(item.excerpt, EXCERPT_CHARACTERS_MAX);
    return [place(item), excerpt].filter((part) => part !== "").join("  ");
  });
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`... and ${more} more`] : [])]
    .flatMap(indented)
    .map((line) => styled(line, "dim", options));
}

function place({ file, line, column, url }: Evidence): string {
  if (file === undefined) return url ?? "";
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function traceLines(trace: Trace | undefined): readonly string[] {
  if (trace === undefined || trace.steps.length < 2) return [];
  const steps = trace.steps.map((step) => ({ ...step, what: whatOf(step) }));
  const width = Math.min(TRACE_VALUE_MAX, Math.max(...steps.map(({ what }) => what.length)));
  return [
    ...indented(`Trace: ${trace.verdict}`),
    ...steps.map(({ layer, what, where }) =>
      printable(`${INDENT}  ${layer.padEnd(8)} ${shorten(what, width).padEnd(width)}  ${where}`),
    ),
  ];
}

const TRACE_VALUE_MAX = 48;

function whatOf({ says, value }: Statement): string {
  return says === "sets" ? value || "(empty)" : says;
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

/** One sentence a person can act on, then the tally. */
function verdict(report: Report, options: TextOptions): readonly string[] {
  const [status, sentence] = sentenceOf(report);
  return [
    styled(sentence, COLOUR[status], options),
    tallyOf(report),
    ...(options.isVerbose ? [] : noteTally(report)),
  ];
}

/** Notes hold nothing back, so they are only counted. */
function noteTally({ controls }: Report): readonly string[] {
  const notes = controls
    .flatMap(({ findings }) => findings)
    .filter(({ status }) => status === "note");
  if (notes.length === 0) return [];
  return [`${notes.length} ${notes.length === 1 ? "note" : "notes"}, listed by --verbose`];
}

function sentenceOf({ exitCode, summary, controls }: Report): readonly [Status, string] {
  if (exitCode === 3) return ["unknown", "INCOMPLETE: the audit was cut short; this is no verdict"];
  if (exitCode === 70)
    return ["unknown", "NO VERDICT: plimsoll itself failed in a check (see above)"];
  if (summary.fail > 0) return ["fail", "NOT SAFE TO SHIP"];
  if (exitCode === 2) return ["fail", "NOT SAFE TO SHIP: a critical control could not be verified"];
  if (summary.warn > 0) return ["warn", "Ship only with these warnings accepted"];
  if (!hasSubject(controls)) {
    return ["unknown", "Nothing here could be judged: is this the right directory?"];
  }
  if (exitCode === 1 && controls.every((one) => one.status !== "unknown" || isUnattested(one)))
    return ["unknown", "Nothing found against it; what only a person can say is not attested"];
  if (exitCode === 1) return ["unknown", "Not everything could be verified"];
  if (summary.unknown > 0) return ["pass", "Safe to ship, but for what could not be verified"];
  return ["pass", "Safe to ship, by everything that was checked"];
}

/** The mode of a node can be told of any directory, an empty one too, and anything can be attested: no evidence. */
function hasSubject(controls: readonly ControlResult[]): boolean {
  return controls.some(
    (control) =>
      control.status !== "skip" && control.id !== "mode.declared" && !isUnattested(control),
  );
}
