import type { SecretMeasure } from "../core/secret.ts";
import { hmacSha256Hex } from "../wire/digest.ts";
import { COMMON_WORDS } from "./common-words.ts";

export interface MeasureOptions {
  readonly fingerprintKey: string;
  /** Whether `${NAME}` is set where the file is read. */
  readonly isSet: (name: string) => boolean;
  /** Whether the value is the exact text of a published sample (`.env.sample`, README). */
  readonly isPublished?: (value: string) => boolean;
  /** Whether a reader put nothing in the place of an unset `${NAME}`, so that the value does not show it. */
  readonly isShortened?: (value: string) => boolean;
}

/** Longer values are measured by their first characters only: no key is a megabyte long. */
const CHARACTERS_MAX = 4_096;
const FINGERPRINT_DIGITS = 8;

/** Measures a secret where it is read (catalog G6, G9); the value itself goes no further. */
export function measureSecret(
  value: string,
  { fingerprintKey, isSet, isPublished = () => false, isShortened = () => false }: MeasureOptions,
): SecretMeasure {
  const characters = [...value];
  const measured = characters.slice(0, CHARACTERS_MAX);
  const period = measured.slice(0, smallestPeriod(measured));
  return {
    length: characters.length,
    distinct: new Set(measured).size,
    effectiveBits: Math.round(effectiveBits(period) * 10) / 10,
    fingerprint: hmacSha256Hex(fingerprintKey, value).slice(0, FINGERPRINT_DIGITS),
    isBlank: value.trim() === "",
    isPlaceholder: isPlaceholder(measured.join(""), period.join("")) || isPublished(value),
    isUnexpanded: isUnexpanded(value, isSet) || isShortened(value),
    hasInsecurePrefix: value.startsWith("django-insecure-"),
    wordShare: Math.round(wordShare(measured.join("")) * 100) / 100,
  };
}

/** Length of the shortest prefix whose repetition gives the text (Knuth-Morris-Pratt); the whole when over half. */
function smallestPeriod(characters: readonly string[]): number {
  const border = new Array<number>(characters.length).fill(0);
  let matched = 0;
  for (let index = 1; index < characters.length; index++) {
    while (matched > 0 && characters[index] !== characters[matched])
      matched = border[matched - 1] ?? 0;
    if (characters[index] === characters[matched]) matched++;
    border[index] = matched;
  }
  const period = characters.length - (border.at(-1) ?? 0);
  return period <= characters.length / 2 ? period : characters.length;
}

/** Characters no arithmetic run predicts, times the Shannon entropy of one character (catalog G9). */
function effectiveBits(characters: readonly string[]): number {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const step = (index: number) => (codes[index] ?? 0) - (codes[index - 1] ?? 0);
  const remaining = codes.filter((_, index) => index < 2 || step(index) !== step(index - 1)).length;
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = characters.length;
  const entropy = [...counts.values()]
    .map((count) => count / total)
    .reduce((sum, share) => sum - share * Math.log2(share), 0);
  return remaining * entropy;
}

const PLACEHOLDER_WORD =
  "change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with)?|your[-_ ](?:dsn|secret|key|generated|token|password|django|session|domain)|placeholder|insecure|example|sample|dummy|default|dev[-_]only|todo|fixme|x{4,}|secret[-_]?key|password|hunter2|test[-_]?(?:key|secret)";
const HAS_PLACEHOLDER = new RegExp(`(?:^|[^a-z0-9])(?:${PLACEHOLDER_WORD})(?:[^a-z0-9]|$)`, "i");
const IS_PLACEHOLDER = new RegExp(`^(?:${PLACEHOLDER_WORD})[^a-z0-9]?$`, "i");
const IS_BRACKETED = /^\s*(?:<[^<>]*>|\[[^[\]]*\])\s*$/;

function isPlaceholder(text: string, period: string): boolean {
  if (HAS_PLACEHOLDER.test(text) || IS_BRACKETED.test(text)) return true;
  return period.length < text.length && isPlaceholderUnit(period);
}

/** The repeated unit may begin anywhere in the word: `mechange` repeated is `changeme` repeated. */
function isPlaceholderUnit(period: string): boolean {
  const doubled = period + period;
  return Array.from(period, (_, start) => doubled.slice(start, start + period.length)).some(
    (unit) => IS_PLACEHOLDER.test(unit),
  );
}

/**
 * `$(` and what a shell could run: a command's name that ends as words end, a file, or arithmetic.
 * Random keys hold `$(` by chance (Django draws from an alphabet with `$`, `(` and `)`).
 */
const COMMAND_SUBSTITUTION =
  /\$\((?:\s*<|\([^()]*\)\)|\s*["']?[\w./~\u{80}-\u{10ffff}-]+["']?(?:[\s)|;<>]|$)|\s*\))/u;

/** Text that only a shell would expand: `$(...)`, a backtick pair, `${NAME}` with NAME unset (catalog G9). */
export function isUnexpanded(value: string, isSet: (name: string) => boolean): boolean {
  if (COMMAND_SUBSTITUTION.test(value) || /`[^`]*`/.test(value)) return true;
  return [...value.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)/g)].some(([, name = ""]) => !isSet(name));
}

/** Names that a written value takes from elsewhere: `${NAME}` without a default, outside single quotes. */
export function namesReferred(written: string): readonly string[] {
  if (written.trimStart().startsWith("'")) return [];
  return [...written.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = ""]) => name);
}

const WORD_LENGTH_MIN = 3;
const WORD_LENGTH_MAX = Math.max(...[...COMMON_WORDS].map(({ length }) => length));

/** Share of the letters that common words cover, the best cover counted. 0 where there are no letters. */
function wordShare(text: string): number {
  const runs = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const letters = runs.reduce((sum, { length }) => sum + length, 0);
  if (letters === 0) return 0;
  return runs.reduce((sum, run) => sum + coveredLetters(run), 0) / letters;
}

function coveredLetters(run: string): number {
  const best = new Array<number>(run.length + 1).fill(0);
  for (let end = 1; end <= run.length; end++) {
    best[end] = best[end - 1] ?? 0;
    for (let size = WORD_LENGTH_MIN; size <= Math.min(WORD_LENGTH_MAX, end); size++) {
      if (!COMMON_WORDS.has(run.slice(end - size, end))) continue;
      best[end] = Math.max(best[end] ?? 0, (best[end - size] ?? 0) + size);
    }
  }
  return best[run.length] ?? 0;
}
