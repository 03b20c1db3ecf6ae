import { PROVIDERS } from "./providers.ts";
import { classifyValue } from "./values.ts";

/** What stands at an issuer's prefix. */
export interface Issued {
  readonly detector: string;
  readonly title: string;
  readonly value: string;
  readonly verdict: "opaque" | "placeholder";
}

const BY_KEYWORD = Map.groupBy(PROVIDERS, ({ keyword }) => keyword);

/** The credential that begins at `at` with its issuer's prefix; a placeholder where it is not drawn at random. */
export function providerAt(text: string, keyword: string, at: number): Issued | undefined {
  for (const { id, title, pattern } of BY_KEYWORD.get(keyword) ?? []) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const isGenuine = isRandomBody(match[0].slice(keyword.length));
    const verdict = isGenuine ? "opaque" : "placeholder";
    return { detector: id, title, value: match[1] ?? match[0], verdict };
  }
  return undefined;
}

const WORD = /[\w-]{4,80}/y;
/** Prefixes that begin other words as well. */
const COMMON_PREFIXES: ReadonlySet<string> = new Set(["key-"]);
const WORD_LENGTH_MIN = 4;

/** `xoxb-YOUR-BOT-TOKEN-HERE`: the issuer's prefix and then words. */
export function tokenPlaceholder(text: string, keyword: string, at: number): Issued | undefined {
  if (!/^.{2,}[_-]$/.test(keyword) || COMMON_PREFIXES.has(keyword)) return undefined;
  WORD.lastIndex = at;
  const value = WORD.exec(text)?.[0] ?? "";
  if (value.length < keyword.length + WORD_LENGTH_MIN) return undefined;
  if (classifyValue(value, "key") !== "placeholder") return undefined;
  const detector = keyword.replace(/[_-]+$/, "");
  return { detector, title: "placeholder of a token", value, verdict: "placeholder" };
}

/** Whether what follows an issuer's prefix looks drawn at random, not typed in its place. */
function isRandomBody(body: string): boolean {
  if (
    /x{4,}|X{4,}|\*{3,}|\.{3}|EXAMPLE|example|0{6,}|1{6,}|12345|abcdef[gh]|ABCDEF[GH]|YOUR|[Ff]ake|FAKE|[Tt]est[_-]|PLACEHOLDER|[Dd]ummy|REDACTED/.test(
      body,
    )
  )
    return false;
  return new Set(body).size >= Math.min(8, body.length / 2);
}
