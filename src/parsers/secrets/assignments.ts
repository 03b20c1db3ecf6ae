import { type NameKind, nameKind } from "./names.ts";
import type { FileFormat } from "./paths.ts";

/** A secret-named thing and what is written for it. */
export interface Assignment {
  readonly name: string;
  readonly kind: NameKind;
  /** Without quotes; as written for a bare one. */
  readonly value: string;
  /** Offset of the name in the line. */
  readonly at: number;
  readonly isQuoted: boolean;
  /** `==`, `!=`, `in`: a value the name is compared with. */
  readonly isCompared: boolean;
  /** A collection opens here: its values stand on this line or the next ones. */
  readonly opens: boolean;
}

/** Pieces of names that may hold a secret. Where none stands nothing is looked at. */
export const NAME_PIECE =
  /secret|passw|passphrase|pwd|token|api[_-]?key|[_.-]key|[a-z]Key|credential|[_-]pass|pepper|_salt|dsn|userpass|dbpass|erlang_cookie|_pw\b/gi;

const NAMES_MAX = 20;
const WORD = /[\w$.-]/;
const NAME_REACH = 100;

/** `: str =`, `: Secret | None =` and `?: string =` before the value. */
const TYPED = /["'`]?[?!]?\s{0,8}:\s{0,8}[A-Za-z_&*][\w.[\], |&'<>]{0,60}=(?![=>~])\s{0,20}/y;
const PLAIN = /(?:\\?["'`])?\]?\s{0,40}(?:=>|:=|\?=|\+=|=(?![=>~])|:(?![:=/]))\s{0,40}/y;
/** `.get("NAME", "value")`, `define('NAME', 'value')`, `config("NAME", default="value")`. */
const ARGUMENT = /["'`]\s{0,4},\s{0,8}(?:[a-z_]{1,20}\s{0,2}[=:]\s{0,2})?/y;
/** What stands in when it is not set: `|| "value"`, `?? 'value'`, `or "value"`. */
const FALLBACK = /["'`]?[\])]{0,3}\s{0,8}(?:\|\||\?\?|or)\s{0,8}/y;
const COMPARED = /["'`]?[\])]{0,3}\s{0,8}[!=]==?\s{0,8}/y;
const EXPANDED = /:?-([^{}]{1,200})\}/y;
const XML = /\s{0,4}>\s{0,8}/y;
const XML_VALUE = /["']\s{1,8}value\s{0,4}=\s{0,4}/y;
const BLANK = /[ \t]{1,20}(?=[^\s=:])/y;
/** What the value may be wrapped in: `SecretStr("…")`, `Field(default="…")`, `b"…"`, `["…"`. */
const WRAPPER =
  /(?:(?:new\s)?(?:[\w.]{0,20}(?:SecretStr|Secret|Field|str|bytes|String|from|of|set|Set|frozenset|list|tuple|array|lit|CharField|b64decode|encode))\(\s{0,4}(?:default\s{0,2}=\s{0,2})?)?[[({]{0,2}\s{0,4}/y;
const OPENS =
  /\s{0,8}(?:(?:new\s)?(?:set|Set|frozenset|list|tuple)\()?[[(]{1,2}\s{0,8}(?:["'`]|$|#|\/\/)/y;
const QUOTED =
  /(?:[rbuRBU]{0,2})(?:\\?"((?:[^"\\]|\\[^"]){0,600})\\?"|'((?:[^'\\]|\\.){0,600})'|`([^`]{0,600})`)/y;
const BARE_LINE = /[^\s"'`[{(,;#][^\n]{0,600}/y;
const BARE_WORD = /[^\s"'`[{(,;#][^\s"'`,;]{0,600}/y;

/** The secret-named assignments of one line. Linear in its length. */
export function assignmentsIn(line: string, format: FileFormat): readonly Assignment[] {
  const found: Assignment[] = [];
  let end = 0;
  NAME_PIECE.lastIndex = 0;
  for (let count = 0; count < NAMES_MAX; count += 1) {
    const hit = NAME_PIECE.exec(line);
    if (hit === null) break;
    if (hit.index < end) continue;
    const from = startOfName(line, hit.index, end);
    end = endOfName(line, hit.index);
    NAME_PIECE.lastIndex = Math.max(end, hit.index + 1);
    const one = assignmentAt(line, from, end, format);
    if (one === undefined) continue;
    found.push(one);
  }
  return found;
}

function startOfName(line: string, at: number, floor: number): number {
  let from = at;
  while (from > floor && at - from < NAME_REACH && WORD.test(line[from - 1] ?? "")) from -= 1;
  return from;
}

function endOfName(line: string, at: number): number {
  let end = at;
  while (end < line.length && end - at < NAME_REACH && WORD.test(line[end] ?? "")) end += 1;
  return end;
}

function assignmentAt(
  line: string,
  from: number,
  end: number,
  format: FileFormat,
): Assignment | undefined {
  const name = line.slice(from, end).replace(/^[-.$]+|[-.]+$/g, "");
  const kind = nameKind(name);
  if (kind === undefined) return undefined;
  // `${NAME:-value}` of shells and compose: what stands in when it is not set.
  if (line.slice(Math.max(0, from - 2), from) === "${") {
    const value = matchAt(EXPANDED, line, end)?.[1];
    const one = { name, kind, at: from, isCompared: false, opens: false };
    return value === undefined ? undefined : { ...one, value, isQuoted: true };
  }
  const found = operatorAt(line, from, end, format);
  if (found === undefined) return undefined;
  const { next, isCompared } = found;
  const base = { name, kind, at: from, isCompared };
  const opens = matchAt(OPENS, line, next) !== undefined && format !== "json";
  const quoted = matchAt(QUOTED, line, next + (matchAt(WRAPPER, line, next)?.[0].length ?? 0));
  if (quoted !== undefined) {
    const value = quoted[1] ?? quoted[2] ?? quoted[3] ?? "";
    return { ...base, value, isQuoted: true, opens };
  }
  if (opens) return { ...base, value: "", isQuoted: true, opens };
  const value = bareAt(line, next, format, found.isBlank);
  return value === undefined ? undefined : { ...base, value, isQuoted: false, opens: false };
}

interface Operator {
  /** Offset of the value. */
  readonly next: number;
  readonly isCompared: boolean;
  /** `ENV NAME value`, `--password value`: a blank stands between them. */
  readonly isBlank: boolean;
}

function operatorAt(
  line: string,
  from: number,
  end: number,
  format: FileFormat,
): Operator | undefined {
  const isOpened = /["'`]/.test(line[from - 1] ?? "");
  const compared = format === "code" ? matchAt(COMPARED, line, end) : undefined;
  if (compared !== undefined)
    return { next: end + compared[0].length, isCompared: true, isBlank: false };
  const [pattern] = operatorsOf(line, from, format, isOpened).filter(
    (each) => matchAt(each, line, end) !== undefined,
  );
  if (pattern === undefined) return undefined;
  const length = matchAt(pattern, line, end)?.[0].length ?? 0;
  return { next: end + length, isCompared: false, isBlank: pattern === BLANK };
}

/** What may stand between a name and its value in the format, in order. */
function operatorsOf(
  line: string,
  from: number,
  format: FileFormat,
  isOpened: boolean,
): readonly RegExp[] {
  if (format === "code")
    return isOpened ? [TYPED, ARGUMENT, FALLBACK, PLAIN] : [TYPED, FALLBACK, PLAIN];
  const xml = line[from - 1] === "<" ? [XML] : isOpened ? [XML_VALUE] : [];
  if (format === "markup") return [PLAIN, ...xml];
  if (format === "dockerfile") return [PLAIN, BLANK];
  if (format !== "config") return [PLAIN];
  const isFlag =
    /(?:^|[\s"'[])--?$/.test(line.slice(Math.max(0, from - 3), from)) ||
    line.startsWith("--", from);
  const isNetrc = /^\s*(?:machine\s.{0,200}\s)?$/.test(line.slice(0, from));
  return isFlag || isNetrc ? [PLAIN, ...xml, BLANK] : [PLAIN, ...xml];
}

/** Formats in which text needs no quotes. */
function bareAt(
  line: string,
  at: number,
  format: FileFormat,
  isBlank: boolean,
): string | undefined {
  if (format === "code" || format === "json" || format === "prose") return undefined;
  if (at >= line.trimEnd().length) return format === "dotenv" ? "" : undefined;
  if (format === "markup") return matchAt(/[^<>]{1,600}(?=<\/)/y, line, at)?.[0].trim();
  const isWord = isBlank || format === "dockerfile";
  const bare = matchAt(isWord ? BARE_WORD : BARE_LINE, line, at)?.[0] ?? "";
  const value = isWord ? bare : bare.replace(/\s+[#;].{0,600}$/, "");
  return value.replace(/\s*\\?$/, "").trimEnd();
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}
