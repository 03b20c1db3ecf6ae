import type {
  ProxyFieldReport,
  ProxyRequestOutcome,
  ProxyRequestReport,
} from "../core/proxy-report.ts";
import type { Report } from "../core/report.ts";
import { printable, shorten, wrap } from "./printable.ts";
import { COLUMNS, type ProxyTextOptions, placeOf } from "./proxy-layout.ts";
import { styled } from "./styled.ts";

const LABEL = 14;
/** Without `--verbose`. */
const OUTCOMES_SHOWN_MAX = 8;

/** What happens to each request: where it arrives, what is answered, and the lines that decide. */
export function requestBlock({ proxy }: Report, options: ProxyTextOptions): readonly string[] {
  const requests = proxy?.requests ?? [];
  const isOne = new Set(requests.map(({ file }) => file)).size < 2;
  return requests.flatMap((request) => requestLines(request, isOne, options));
}

function requestLines(
  { request, file, outcomes, isComplete }: ProxyRequestReport,
  isOne: boolean,
  options: ProxyTextOptions,
): readonly string[] {
  const where = isOne ? "" : `  by ${file}`;
  const shown = options.isVerbose ? outcomes : outcomes.slice(0, OUTCOMES_SHOWN_MAX);
  const isCut = shown.length < outcomes.length || !isComplete;
  return [
    styled(printable(`${request}${where}`), "bold", options),
    ...shown.flatMap((outcome, at) => [
      ...(outcomes.length > 1 ? ["", ...wayLines(outcome, at, outcomes.length, isComplete)] : []),
      ...outcomeLines(outcome, options),
    ]),
    ...(isCut ? ["", "  There are more ways than are shown here."] : []),
    "",
  ];
}

function wayLines(
  { assumes }: ProxyRequestOutcome,
  at: number,
  count: number,
  isComplete: boolean,
): readonly string[] {
  const head = `  Way ${at + 1} of ${count}${isComplete ? "" : " or more"}`;
  const reasons = assumes.map(
    ({ about, taken, because, file, line }) =>
      `if ${about}: ${taken} (${because}; ${file}:${line})`,
  );
  return wrap(printable([head, ...reasons].join(", ")), COLUMNS, "    ");
}

function outcomeLines(outcome: ProxyRequestOutcome, options: ProxyTextOptions): readonly string[] {
  const { server, location, decidedBy, answer, access, steps } = outcome;
  const told = steps.filter(({ isCaveat }) => isCaveat || options.isVerbose);
  return [
    ...(server === undefined
      ? []
      : row("server", `${placeOf(server)}  ${server.excerpt} (by ${server.by})`)),
    ...(location === undefined ? [] : row("location", `${placeOf(location)}  ${location.excerpt}`)),
    ...row("answer", answer),
    ...(decidedBy === undefined ? [] : row("", `${placeOf(decidedBy)}  ${decidedBy.excerpt}`)),
    ...rows("fields", outcome.responseFields.map(fieldText)),
    ...rows("to upstream", outcome.requestFields.map(fieldText)),
    ...rows(
      "access",
      access.map((place) => `${placeOf(place)}  ${place.excerpt}`),
    ),
    ...rows(
      "on the way",
      told.map(({ what, detail, file, line, isCaveat }) => {
        const warning = isCaveat ? "may change all of this: " : "";
        return `${warning}${what}: ${detail} (${file}:${line})`;
      }),
    ),
  ];
}

const VALUE_CHARACTERS_MAX = 120;

function fieldText({ name, value, action, isConditional, at }: ProxyFieldReport): string {
  const text = shorten(value, VALUE_CHARACTERS_MAX);
  const shown = action === "remove" ? `${name} taken away` : `${name}: ${text}`;
  return `${shown}${isConditional ? " (by status: not on errors)" : ""}  [${placeOf(at)}]`;
}

function rows(label: string, texts: readonly string[]): readonly string[] {
  return texts.flatMap((text, at) => row(at === 0 ? label : "", text));
}

function row(label: string, text: string): readonly string[] {
  const lines = wrap(printable(text), COLUMNS - LABEL - 2, "  ");
  return lines.map((line, at) => `  ${(at === 0 ? label : "").padEnd(LABEL)}${line}`.trimEnd());
}
