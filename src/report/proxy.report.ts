import { type Edit, FINDING_STATUSES, SEVERITIES } from "../core/check.ts";
import type { ControlResult, Report, ReportedFinding } from "../core/report.ts";
import { printable, shorten, wrap } from "./printable.ts";
import {
  block,
  COLUMNS,
  cut,
  DEEPER,
  INDENT,
  mark,
  type ProxyTextOptions,
  placeOf,
  STYLES,
} from "./proxy-layout.ts";
import { requestBlock } from "./proxy-request.report.ts";
import { styled } from "./styled.ts";

/** The diff that goes with a finding, and what of it cannot be shown. */
export interface ProxySuggestion {
  readonly diff: string;
  readonly left: readonly { readonly edit: Edit; readonly because: string }[];
}

/** Without `--verbose`: places told of one rule, notes' places, problems of reading. */
const PLACES_MAX = 3;
const NOTE_PLACES_MAX = 3;
const PROBLEMS_MAX = 20;
const FILES_MAX = 5;
/** A diff is never broken into lines: one that is longer says nothing to anybody. */
const DIFF_LINE_MAX = 500;
/** Of a message, in which names of an operator's own stand. */
const MESSAGE_MAX = 1_000;

type Suggestions = ReadonlyMap<ReportedFinding, ProxySuggestion>;

/** Findings worst first, a rule at a time; then notes, what was not read, and the verdict. */
export function renderProxyText(
  report: Report,
  suggestions: Suggestions,
  options: ProxyTextOptions,
): string {
  const groups = groupsOf(report);
  const isNote = ({ status }: Group) => status === "note";
  return [
    ...header(report),
    "",
    ...requestBlock(report, options),
    ...groups
      .filter((group) => !isNote(group))
      .flatMap((group) => [...groupLines(group, suggestions, options), ""]),
    ...notesBlock(groups.filter(isNote), suggestions, options),
    ...unknownBlock(report, options),
    ...problemBlock(report, options),
    ...(options.isVerbose ? passedBlock(report) : []),
    ...(report.proxy?.requests === undefined ? verdict(report, options) : []),
    "",
  ].join("\n");
}

/** The findings whose places the report tells, in its order. */
export function shownPlaces(report: Report, isVerbose: boolean): readonly ReportedFinding[] {
  return groupsOf(report).flatMap(({ status, findings }) => {
    if (isVerbose) return findings;
    return status === "note" ? [] : findings.slice(0, PLACES_MAX);
  });
}

/** All findings of one rule with one status. */
interface Group {
  readonly rule: string;
  readonly status: ReportedFinding["status"];
  readonly control: ControlResult;
  readonly findings: readonly ReportedFinding[];
}

function groupsOf({ controls }: Report): readonly Group[] {
  const all = controls.flatMap((control) => {
    const byRule = Map.groupBy(control.findings, ({ rule, status }) => `${status} ${rule}`);
    return [...byRule.values()].flatMap((findings): readonly Group[] => {
      const [first] = findings;
      return first === undefined
        ? []
        : [{ rule: first.rule, status: first.status, control, findings }];
    });
  });
  const rank = ({ status }: Group) => FINDING_STATUSES.indexOf(status);
  const severity = ({ control }: Group) => SEVERITIES.indexOf(control.severity);
  return all.toSorted(
    (a, b) => rank(a) - rank(b) || severity(a) - severity(b) || (a.rule < b.rule ? -1 : 1),
  );
}

function header({ tool, proxy, target }: Report): readonly string[] {
  const { configurations = [], nginxVersion } = proxy ?? {};
  const shown = configurations.slice(0, FILES_MAX).map(({ proxy: kind, file }) => {
    const version = kind === "nginx" ? ` ${nginxVersion ?? "of unknown version"}` : "";
    return `  ${file} (${kind}${version})`;
  });
  const more = configurations.length - shown.length;
  return [
    printable(`Plimsoll ${tool.version}  ${target.directory ?? ""}`),
    ...shown.flatMap((line) => wrap(printable(line), COLUMNS, "    ")),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function groupLines(
  { rule, status, control, findings }: Group,
  suggestions: Suggestions,
  options: ProxyTextOptions,
): readonly string[] {
  const count = findings.length === 1 ? "" : `, ${findings.length} places`;
  const shown = options.isVerbose ? findings : findings.slice(0, PLACES_MAX);
  const more = findings.length - shown.length;
  return [
    `${mark(status, options)}${styled(rule, "bold", options)} (${control.id}${count})`,
    ...shown.flatMap((finding, at) => [
      ...placeLines(finding, options),
      ...(shown[at + 1]?.fix === finding.fix ? [] : fixLines(finding, options)),
      ...diffLines(suggestions.get(finding), options),
    ]),
    ...(more > 0
      ? [`${INDENT}... and ${more} more: ${furtherPlaces(findings, shown.length)}`]
      : []),
  ];
}

function furtherPlaces(findings: readonly ReportedFinding[], from: number): string {
  const rest = findings.slice(from);
  const shown = rest.slice(0, PLACES_MAX).map(({ evidence }) => placeOf(evidence[0]));
  return printable(
    `${shown.join(", ")}${rest.length > shown.length ? ", ..." : ""} (-v lists them)`,
  );
}

function placeLines(
  { evidence, message }: ReportedFinding,
  options: ProxyTextOptions,
): readonly string[] {
  const [first, ...others] = evidence;
  const also = others.map((one) => `with ${placeOf(one)}  ${one.excerpt}`);
  return [
    ...cut(`${placeOf(first)}  ${first?.excerpt ?? ""}`, INDENT).map((line) =>
      styled(line, "cyan", options),
    ),
    ...block(shorten(message, MESSAGE_MAX), DEEPER),
    ...also.flatMap((line) => cut(line, DEEPER)).map((line) => styled(line, "dim", options)),
  ];
}

function fixLines({ fix }: ReportedFinding, options: ProxyTextOptions): readonly string[] {
  const [first = "", ...rest] = block(`Fix: ${fix}`, DEEPER);
  return [first.replace("Fix:", styled("Fix:", "cyan", options)), ...rest];
}

function diffLines(
  suggestion: ProxySuggestion | undefined,
  options: ProxyTextOptions,
): readonly string[] {
  if (suggestion === undefined) return [];
  const isLong = suggestion.diff.split("\n").some((line) => line.length > DIFF_LINE_MAX);
  if (isLong) return block("No diff is shown: a line of it is too long; --diff prints it", DEEPER);
  const colours = { "+": "green", "-": "red", "@": "dim" } as const;
  const lines = suggestion.diff.split("\n").filter((line) => line !== "");
  return [
    ...lines.map((line) => {
      // Tabs are the file's own and harmless.
      const text = `${DEEPER}${line.split("\t").map(printable).join("\t")}`;
      const colour = Object.entries(colours).find(([sign]) => line.startsWith(sign))?.[1];
      return colour === undefined ? text : styled(text, colour, options);
    }),
    ...suggestion.left.flatMap(({ because }) => block(`No diff is shown: ${because}`, DEEPER)),
  ];
}

function notesBlock(
  groups: readonly Group[],
  suggestions: Suggestions,
  options: ProxyTextOptions,
): readonly string[] {
  if (groups.length === 0) return [];
  if (options.isVerbose)
    return groups.flatMap((group) => [...groupLines(group, suggestions, options), ""]);
  const lines = groups.flatMap(({ rule, findings }) => {
    const places = findings.slice(0, NOTE_PLACES_MAX).map(({ evidence }) => placeOf(evidence[0]));
    const more = findings.length - places.length;
    const where = `${places.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    const text = `${rule}: ${findings[0]?.message ?? ""} [${where}]`;
    return [
      `${mark("note", options)}${wrap(printable(text), COLUMNS - INDENT.length, "").join(`\n${INDENT}`)}`,
    ];
  });
  return [...lines, ""];
}

/** What nobody can say is good, a line for each reason. */
function unknownBlock({ controls }: Report, options: ProxyTextOptions): readonly string[] {
  const unknown = controls.filter(({ status }) => status === "unknown");
  const reasons = Map.groupBy(unknown, ({ summary }) => summary);
  const lines = [...reasons].flatMap(([reason, own]) => {
    const ids = own.map(({ id }) => id).join(", ");
    const what = own.length === 1 || options.isVerbose ? ids : `${own.length} controls`;
    const text = `${what}: ${reason}`;
    return [
      `${mark("unknown", options)}${wrap(printable(text), COLUMNS - INDENT.length, "").join(`\n${INDENT}`)}`,
    ];
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

function problemBlock({ proxy }: Report, options: ProxyTextOptions): readonly string[] {
  const problems = proxy?.problems ?? [];
  if (problems.length === 0) return [];
  const shown = options.isVerbose ? problems : problems.slice(0, PROBLEMS_MAX);
  const more = problems.length - shown.length;
  return [
    "Not read or not understood; the rest was read:",
    ...shown.flatMap((problem) =>
      wrap(printable(`  ${placeOf(problem)}: ${problem.detail}`), COLUMNS, "    "),
    ),
    ...(more > 0 ? [`  ... and ${more} more (-v lists them)`] : []),
    "",
  ];
}

function passedBlock({ controls }: Report): readonly string[] {
  const lines = (["pass", "skip"] as const).flatMap((status) => {
    const own = controls.filter((control) => control.status === status);
    return own.flatMap(({ id, summary }) =>
      wrap(printable(`${status.padEnd(6)}${id}: ${summary}`), COLUMNS, INDENT),
    );
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

function verdict(report: Report, options: ProxyTextOptions): readonly string[] {
  const findings = report.controls.flatMap((control) => control.findings);
  const count = (status: ReportedFinding["status"]) =>
    findings.filter((one) => one.status === status).length;
  const { pass, unknown } = report.summary;
  const counts = [
    plural(count("fail"), "failure"),
    plural(count("warn"), "warning"),
    plural(count("note"), "note"),
  ].join(", ");
  const [status, sentence] = sentenceOf(report);
  return [
    styled(sentence, STYLES[status], options),
    `${counts}; ${plural(pass, "control")} passed, ${unknown} unknown  (exit ${report.exitCode})`,
  ];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function sentenceOf({ exitCode, summary, proxy }: Report): readonly [keyof typeof STYLES, string] {
  if (exitCode === 3) return ["unknown", "INCOMPLETE: it was cut short; this is no verdict"];
  if (exitCode === 70) return ["unknown", "NO VERDICT: plimsoll itself failed in a check"];
  if (summary.fail > 0) return ["fail", "NOT SAFE TO SHIP"];
  if (exitCode === 2) return ["fail", "NOT SAFE TO SHIP: --strict takes no warnings"];
  if (summary.warn > 0) return ["warn", "Ship only with these warnings accepted"];
  if (proxy?.configurations.length === 0) return ["unknown", "Nothing here could be judged"];
  if (exitCode === 1) return ["unknown", "Not everything could be read or judged"];
  return ["pass", "Safe to ship, by everything that was checked"];
}
