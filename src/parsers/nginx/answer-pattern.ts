import { chooseWhether, type Run } from "./answer-run.ts";
import { type AnswerText, holdsForText, knownText, openReason, openText } from "./answer-text.ts";
import { matchPcre } from "./pcre.ts";
import { capturePcre } from "./pcre-capture.ts";
import type { NginxPosition } from "./tokenize.ts";

export interface PatternQuestion {
  readonly pattern: string;
  readonly isCaseless: boolean;
  readonly subject: AnswerText;
  /** What stands in the file, for an assumption. */
  readonly about: string;
  readonly at: NginxPosition;
}

/**
 * Whether a pattern matches, as `ngx_http_regex_exec`: a match sets `$1` to `$9` and named captures, a
 * failure leaves them. Open where the matcher or the subject is.
 */
export function matchesPattern(run: Run, question: PatternQuestion): boolean {
  const { pattern, isCaseless, subject } = question;
  if (!subject.isKnown) return matchesOpen(run, question);
  const found = capturePcre(pattern, isCaseless, subject.text, run.budget);
  switch (found.state) {
    case "no":
      return false;
    case "match":
      setCaptures(run, found.groups, found.names);
      return true;
    case "undecidable": {
      const because = `the pattern ${pattern} cannot be evaluated`;
      return takeOpen(run, question, because);
    }
  }
}

function matchesOpen(run: Run, question: PatternQuestion): boolean {
  const { pattern, isCaseless, subject } = question;
  const decided = holdsForText(subject, (candidate) => {
    const result = matchPcre(pattern, isCaseless, candidate, run.budget);
    return result === "undecidable" ? undefined : result === "match";
  });
  if (decided === undefined) return takeOpen(run, question, openReason(subject));
  if (decided) setOpenCaptures(run, pattern);
  return decided;
}

function takeOpen(
  run: Run,
  { pattern, about, at, subject }: PatternQuestion,
  because: string,
): boolean {
  const isMatch = chooseWhether(run, about, because, at, subject.text);
  if (isMatch) setOpenCaptures(run, pattern);
  return isMatch;
}

/** Sets what a pattern captures that is known, or taken, to match. */
export function takeCaptures(
  run: Run,
  pattern: string,
  isCaseless: boolean,
  subject: string,
): void {
  const found = capturePcre(pattern, isCaseless, subject, run.budget);
  if (found.state === "match") setCaptures(run, found.groups, found.names);
  else setOpenCaptures(run, pattern);
}

/** Takes for granted that a pattern matched, or may have: what it captured is not known. */
export function setOpenCaptures(run: Run, pattern: string): void {
  run.captures = "unknown";
  for (const name of captureNames(pattern)) {
    run.variables.set(name, openText(name, "what the pattern captures is not known"));
  }
}

/** Takes over what a pattern captured; without groups there is nothing in `$1` any more. */
function setCaptures(
  run: Run,
  groups: readonly (string | undefined)[] | undefined,
  names: ReadonlyMap<string, number>,
): void {
  run.captures = groups ?? "unknown";
  for (const [name, index] of names) {
    run.variables.set(
      name,
      groups === undefined
        ? openText(name, "what the pattern captures is not known")
        : knownText(groups[index] ?? ""),
    );
  }
}

/** `$1` to `$9`. */
export function captureText(run: Run, digit: string): AnswerText {
  if (run.captures === "unknown") return openText(digit, "what the pattern captures is not known");
  return knownText(run.captures[Number(digit)] ?? "");
}

/** Names a pattern gives its groups (PCRE's three ways to write it). */
export function captureNames(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/g)].map(
    ([, angled, quoted]) => angled ?? quoted ?? "",
  );
}
