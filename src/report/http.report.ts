import { shownField, withoutQuery } from "../core/http-report.ts";
import { answerOf, type HttpExchange, type HttpSide, type HttpSite } from "../core/http-site.ts";
import type { ControlResult, Grade, Report } from "../core/report.ts";
import { printable, shorten, wrap } from "./printable.ts";
import { styled } from "./styled.ts";
import { tallyOf } from "./tally.ts";

/** What the command line computed beside the report, one element a site. */
export interface HttpView {
  readonly site: HttpSite;
  readonly observatory: Grade | { readonly because: string };
  readonly securityHeaders?: Grade;
}

export interface HttpTextOptions {
  readonly isColoured: boolean;
  readonly isVerbose: boolean;
}

const COLUMNS = 100;
const INDENT = "  ";
const LABEL_COLUMNS = 12;
const VALUE_CHARACTERS_MAX = 300;

/** Problems first, then each site: its way, its grades with the arithmetic, what browsers see otherwise. */
export function renderHttpText(
  report: Report,
  views: readonly HttpView[],
  options: HttpTextOptions,
): string {
  return [
    ...controlBlock(report, options),
    ...views.flatMap((view) => [...siteBlock(view, options), ""]),
    tallyOf(report),
    "",
  ].join("\n");
}

function controlBlock(report: Report, options: HttpTextOptions): readonly string[] {
  const isOpen = ({ status }: ControlResult) =>
    status === "fail" || status === "warn" || status === "unknown";
  const open = report.controls.filter(isOpen);
  const rest = options.isVerbose ? report.controls.filter((control) => !isOpen(control)) : [];
  const said = new Map<string, string>();
  const lines = [...open, ...rest].flatMap((control) => controlLines(control, said, options));
  return lines.length === 0 ? [] : [...lines, ""];
}

const COLOURS = {
  fail: "red",
  warn: "yellow",
  unknown: "magenta",
  pass: "green",
  skip: "dim",
} as const;

/** `said` holds the fixes printed so far, with the control they stand under; the same one is not printed again. */
function controlLines(
  { id, status, summary, findings }: ControlResult,
  said: Map<string, string>,
  options: HttpTextOptions,
): readonly string[] {
  const others = findings.filter(({ message }) => !summary.startsWith(message));
  const mark = styled(status.toUpperCase().padEnd(8), COLOURS[status], options);
  const [first] = findings;
  // How many more there are is seen below.
  const isCounted = others.length > 0 && first !== undefined && summary.startsWith(first.message);
  const text = isCounted ? first.message : summary;
  const head = wrap(printable(`${id}: ${text}`), COLUMNS - 10, "");
  return [
    ...head.map((line, at) => `${at === 0 ? mark : " ".repeat(8)}  ${line}`),
    ...others.flatMap(({ message }) => hanging("- ", message)),
    // A fix stays in one piece, to be copied.
    ...fixesOf(findings, id, said).map(
      (fix) => `${" ".repeat(10)}${styled("Fix:", "cyan", options)} ${printable(fix)}`,
    ),
  ];
}

function fixesOf(
  findings: ControlResult["findings"],
  id: string,
  said: Map<string, string>,
): readonly string[] {
  const fixes = [...new Set(findings.map(({ fix }) => fix))];
  const shown = fixes.map((fix, at) => {
    const before = said.get(fix);
    said.set(fix, before ?? id);
    return before === undefined ? withoutRepeat(fix, fixes.slice(0, at)) : `as under ${before}`;
  });
  return [...new Set(shown)];
}

/** Two fixes of one control may end in the same long proposal. */
const REPEAT_CHARACTERS_MIN = 80;

function withoutRepeat(fix: string, before: readonly string[]): string {
  for (let at = fix.indexOf("; "); at !== -1; at = fix.indexOf("; ", at + 1)) {
    const end = fix.slice(at);
    if (end.length < REPEAT_CHARACTERS_MIN) return fix;
    if (before.some((other) => other.endsWith(end))) return `${fix.slice(0, at)}; then as above`;
  }
  return fix;
}

function hanging(mark: string, text: string): readonly string[] {
  const lines = wrap(printable(text), COLUMNS - 12, "");
  return lines.map((line, at) => `${" ".repeat(10)}${at === 0 ? mark : "  "}${line}`);
}

function siteBlock(view: HttpView, options: HttpTextOptions): readonly string[] {
  const { site, observatory, securityHeaders } = view;
  return [
    styled(printable(withoutQuery(site.url)), "bold", options),
    ...wayLines("http", site.http),
    ...wayLines("https", site.https),
    ...http2Lines(site),
    ...observatoryLines(observatory, options),
    ...(securityHeaders === undefined ? [] : securityLines(securityHeaders)),
    ...changeLines(site),
    ...site.limits.flatMap((limit) => row("Limit", limit)),
    ...(options.isVerbose ? detailLines(site) : []),
    `${INDENT}${site.requests} requests, ${(site.durationMs / 1_000).toFixed(2)} s`,
  ];
}

function wayLines(label: string, side: HttpSide): readonly string[] {
  const steps = side.hops.map(showHop);
  const { end } = side;
  const last = {
    answer: [],
    "no-answer": [end.kind === "no-answer" ? `no answer: ${end.failure.detail}` : ""],
    "redirect-limit": [
      end.kind === "redirect-limit" && end.isLoop ? "a redirect loop" : "too many redirects",
    ],
    "location-missing": ["a redirect without Location"],
    "location-invalid": ["a redirect whose Location is no URL"],
    "location-scheme": ["a redirect that leaves http"],
  }[end.kind];
  return [...steps, ...last].flatMap((text, at) => row(at === 0 ? label : "", text));
}

/** The judged page over HTTP/2, where it is offered. */
function http2Lines({ extra: { http2 } }: HttpSite): readonly string[] {
  if (http2 === undefined) return [];
  const text = "answer" in http2 ? showHop(http2.answer) : `no answer: ${http2.failure.detail}`;
  return row("http/2", text);
}

function showHop({ status, url, protocol, certificate }: HttpExchange): string {
  const verdict = certificate?.isVerified === false ? `, certificate ${certificate.error}` : "";
  return `${status} ${withoutQuery(url)} (${protocol}${verdict})`;
}

interface ObservatoryParts {
  readonly tests: Readonly<
    Record<string, { readonly result: string; readonly scoreModifier: number }>
  >;
  readonly testsPassed: number;
  readonly testsFailed: number;
  readonly arithmetic: {
    readonly base: number;
    readonly lost: number;
    readonly bonus: number;
    readonly isBonusCounted: boolean;
  };
  readonly notes: readonly { readonly test: string; readonly text: string }[];
  readonly next?: {
    readonly grade: string;
    readonly score: number;
    readonly steps: readonly { readonly how: string; readonly gain: number }[];
  };
  readonly isPreloadKnown: boolean;
}

function observatoryLines(
  grade: HttpView["observatory"],
  options: HttpTextOptions,
): readonly string[] {
  if ("because" in grade) return row("Observatory", `no grade: ${grade.because}`);
  // Built by `toObservatoryReport`; the report's own type leaves parts open.
  const parts = grade.parts as unknown as ObservatoryParts;
  const { base, lost, bonus, isBonusCounted } = parts.arithmetic;
  const sum = `${base} - ${-lost}${isBonusCounted ? ` + ${bonus}` : ""} = ${grade.score}`;
  const unused =
    !isBonusCounted && bonus > 0 ? `; a bonus of ${bonus} counts from 90 points on` : "";
  const counts = `${parts.testsPassed} of ${parts.testsPassed + parts.testsFailed} tests passed`;
  const tests = Object.entries(parts.tests)
    .filter(([, { scoreModifier }]) => scoreModifier !== 0 || options.isVerbose)
    .sort(([, a], [, b]) => a.scoreModifier - b.scoreModifier);
  return [
    ...row("Observatory", `${grade.grade} (${grade.score}): ${sum}${unused}; ${counts}`),
    ...tests.flatMap(([, { result, scoreModifier }]) =>
      row("", `${signed(scoreModifier)}  ${result}`),
    ),
    ...parts.notes.flatMap(({ test, text }) => row("Note", `${test}: ${text}`)),
    ...(parts.next === undefined ? [] : nextLines(parts.next)),
    ...(parts.isPreloadKnown
      ? []
      : row("Note", "HSTS preload state unknown: no list was given (--hsts-preload)")),
  ];
}

function signed(points: number): string {
  return `${points > 0 ? "+" : ""}${points}`.padStart(3);
}

function nextLines({ grade, score, steps }: NonNullable<ObservatoryParts["next"]>) {
  return [
    ...row("Next grade", `${grade} (${score}) by the least work:`),
    ...steps.flatMap(({ how, gain }) => row("", `${signed(gain)}  ${how}`)),
  ];
}

interface SecurityParts {
  readonly missing: readonly string[];
  readonly isRungVerified: boolean;
}

function securityLines({ grade, parts, caps }: Grade): readonly string[] {
  // Built by `toSecurityHeadersReport`.
  const { missing, isRungVerified } = parts as unknown as SecurityParts;
  const lacks = missing.length === 0 ? "all six headers" : `lacks ${missing.join(", ")}`;
  const capped = caps.map(({ to, because }) => `; not above ${to}: ${because}`).join("");
  const rung = isRungVerified ? "" : " (rung assumed)";
  return row("Headers", `securityheaders ${grade}${rung}: ${lacks}${capped}`);
}

function changeLines({ changes }: HttpSite): readonly string[] {
  const { status, fields, isBodyDifferent } = changes;
  const usual = new Set(["date", "set-cookie", "age", "expires", "etag", "last-modified"]);
  const others = fields.filter((name) => !usual.has(name));
  const parts = [
    ...(status === undefined ? [] : [`status ${status.join(", then ")}`]),
    ...(others.length === 0 ? [] : [others.join(", ")]),
    ...(isBodyDifferent && (status !== undefined || others.length > 0) ? ["the page"] : []),
  ];
  return parts.length === 0
    ? []
    : row("Changes", `from one answer to the next: ${parts.join("; ")}`);
}

function detailLines(site: HttpSite): readonly string[] {
  const answer = answerOf(site.https) ?? answerOf(site.http);
  const fields = (answer?.fields ?? [])
    .map(shownField)
    .flatMap(([name, value], at) =>
      row(at === 0 ? "Fields" : "", `${name}: ${shorten(value, VALUE_CHARACTERS_MAX)}`),
    );
  const { robots, preflight, foreignOrigin, origins = [], securityTxt } = site.extra;
  const { errorPage, asset, again, paths } = site.extra;
  const cors = [preflight, foreignOrigin, ...origins];
  const further = [robots, ...cors, securityTxt, errorPage, asset, again, ...paths].filter(
    (attempt) => attempt !== undefined,
  );
  const asked = further.flatMap((attempt, at) => {
    const text =
      "answer" in attempt
        ? `${attempt.answer.method} ${showHop(attempt.answer)}`
        : `${withoutQuery(attempt.url)}: ${attempt.failure.detail}`;
    return row(at === 0 ? "Also asked" : "", text);
  });
  return [...fields, ...asked];
}

function row(label: string, text: string): readonly string[] {
  const lines = wrap(printable(text), COLUMNS - LABEL_COLUMNS - 4, INDENT);
  return lines.map(
    (line, at) => `${INDENT}${(at === 0 ? label : "").padEnd(LABEL_COLUMNS)}  ${line}`,
  );
}
