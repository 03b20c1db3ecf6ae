import { SEVERITIES, STATUSES } from "../core/check.ts";
import type { ControlResult, Report } from "../core/report.ts";
import { printable } from "./printable.ts";
import type { Colour, TlsPage } from "./tls-layout.ts";

const INDENT = " ".repeat(10);
/** Findings of one control shown without `--verbose`. */
const FINDINGS_SHOWN_MAX = 4;

/**
 * What does not pass, worst first, each with its fix in one line to be copied; a fix that was told is not
 * told again. `name` is that of the only address: it stands in the headline.
 */
export function problemLines(
  report: Report,
  { name, page }: { readonly name?: string; readonly page: TlsPage },
): readonly string[] {
  const fixed = new Set<string>();
  const open = report.controls
    .filter(({ status }) => status === "fail" || status === "warn" || status === "unknown")
    .toSorted(byUrgency);
  const bare = (message: string) =>
    name !== undefined && message.startsWith(name)
      ? message.slice(name.length).replace(/^:? /, "")
      : message;
  return alike(open).flatMap(([control, ...others]) => {
    const fixes = [...new Set(control.findings.flatMap(({ fix }) => stepsOf(fix)))];
    const untold = fixes.filter((fix) => !fixed.has(fix));
    for (const fix of untold) fixed.add(fix);
    return [
      ...controlLines([control, ...others], bare, page),
      // In one piece, so that it can be copied.
      ...untold.map((fix) => `${INDENT}${page.paint("Fix:", "cyan")} ${printable(fix)}`),
      "",
    ];
  });
}

/** A fix of several sentences, each of which may be another control's. */
function stepsOf(fix: string): readonly string[] {
  return fix.split(/\. (?=[A-Z])/);
}

/** The grade last among its equals: it follows from the others. */
function byUrgency(a: ControlResult, b: ControlResult): number {
  const rank = ({ status, severity, id }: ControlResult) =>
    STATUSES.indexOf(status) * 100 +
    (id.startsWith("grade.") ? 50 : 0) +
    SEVERITIES.indexOf(severity);
  return rank(a) - rank(b);
}

type Group = readonly [ControlResult, ...ControlResult[]];

/** Controls that are unknown for one and the same reason are told once. */
function alike(controls: readonly ControlResult[]): readonly Group[] {
  const groups = new Map<string, [ControlResult, ...ControlResult[]]>();
  for (const control of controls) {
    const key = control.status === "unknown" ? `unknown ${control.summary}` : control.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [control]);
    else group.push(control);
  }
  return [...groups.values()];
}

const COLOURS: Readonly<Record<string, Colour>> = {
  fail: "red",
  warn: "yellow",
  unknown: "magenta",
};

function controlLines(
  [control, ...others]: Group,
  bare: (message: string) => string,
  page: TlsPage,
): readonly string[] {
  const { id, status, summary, findings } = control;
  const ids = [id, ...others.map((one) => one.id)].join(", ");
  const label = page.paint(status.toUpperCase().padEnd(8), COLOURS[status] ?? "dim");
  const [first = "", ...rest] = page.block(INDENT, ids).map((line) => line.trimStart());
  const messages = [...new Set(findings.map(({ message }) => message))];
  const told = messages.length > 0 ? messages : [summary];
  const shown = page.isVerbose ? told : told.slice(0, FINDINGS_SHOWN_MAX);
  const hidden = told.length - shown.length;
  return [
    `${label}  ${page.strong(first)}`,
    ...rest.map((line) => `${INDENT}${line}`),
    ...shown.flatMap((message) => page.block(INDENT, bare(message))),
    ...(hidden > 0 ? [`${INDENT}and ${hidden} more, listed by --verbose`] : []),
  ];
}

/** The verdict in words and colour, as an operator wants it first and last. */
export function verdictOf(report: Report): readonly [sentence: string, colour: Colour] {
  const { summary, exitCode } = report;
  if (exitCode === 3) return ["INCOMPLETE: cut short, this is no verdict", "magenta"];
  if (summary.fail > 0 || exitCode === 2) return ["NOT SAFE", "red"];
  if (summary.warn > 0) return ["Safe with these warnings accepted", "yellow"];
  if (exitCode === 1) return ["NOT VERIFIED", "magenta"];
  return ["Safe, by everything that was asked", "green"];
}
