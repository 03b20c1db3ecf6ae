import type { ScannedText, StringLiteral } from "../../parsers/string-literals.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

/** How the nonce of a policy comes about; the value of `csp.nonce` rows. */
export interface NonceMaking {
  readonly made: "per-answer" | "once" | "never" | "elsewhere";
  /** Bytes of randomness, where it can be told. */
  readonly bytes: number | null;
}

/** A nonce in a policy: what is filled in by the program, or stands there for good. */
const IN_TEXT = /'nonce-(\{|\$\{|%|")?([^'"\s;]*)/;
/** Libraries that put a nonce of their own in: django-csp, Django 6, flask-talisman. */
const BY_LIBRARY =
  /\bCSP_INCLUDE_NONCE_IN\b|\bcontent_security_policy_nonce_in\b|\bCSP\.NONCE\b|\binclude_nonce_in\b/;
/** Calls that make something nobody can guess, and the bytes they are given. */
const MAKER =
  /\b(?:secrets\.)?(token_urlsafe|token_hex|token_bytes|urandom|randomBytes|randomUUID|uuid4|getRandomValues|nanoid|randbits)\s*\(\s*(?:new\s+Uint8Array\s*\(\s*)?(\d{1,4})?/g;
/** Without an argument (Python `secrets`: 32; UUID: 122 bits; nanoid: 21 characters of 64). */
const DEFAULT_BYTES: Readonly<Record<string, number>> = {
  token_urlsafe: 32,
  token_hex: 32,
  token_bytes: 32,
  randomUUID: 15,
  uuid4: 15,
  nanoid: 15,
};

/** Calls looked at in one file. */
const MAKERS_MAX = 50;

export function nonceRows(file: string, scanned: ScannedText): readonly SourceSetting[] {
  const written = scanned.literals.find(
    ({ text, isStatement }) => !isStatement && /\\?'nonce-/.test(text),
  );
  if (written !== undefined) {
    const making = makingOf(scanned, written, file.endsWith(".py"));
    return making === undefined ? [] : [row(file, lineOf(written), making)];
  }
  const library = BY_LIBRARY.exec(scanned.code);
  if (library === null) return [];
  const line = scanned.code.slice(0, library.index).split("\n").length;
  return [row(file, line, { made: "per-answer", bytes: null })];
}

function lineOf({ text, line }: StringLiteral): number {
  return line + text.slice(0, text.search(/'nonce-/)).split("\n").length - 1;
}

function makingOf(
  { code }: ScannedText,
  { text, isFilled }: StringLiteral,
  isPython: boolean,
): NonceMaking | undefined {
  const [, opener, rest = ""] = IN_TEXT.exec(text.replaceAll("\\'", "'")) ?? [];
  const isDynamic = opener !== undefined || rest === "" || (isFilled && /[{}]/.test(rest));
  // `'nonce-{NONCE}'` to be replaced later reads like a place that is filled in.
  if (!isDynamic) return rest.length < 8 ? undefined : { made: "never", bytes: null };
  const makers = [...code.matchAll(MAKER)]
    .slice(0, MAKERS_MAX)
    .map(({ index, 1: name = "", 2: given }) => ({
      isOnce: isPython ? isAtImport(code, index) : isAtTopLevel(code, index),
      bytes: bytesOf(name, given),
      isNonce: /nonce/i.test(code.slice(code.lastIndexOf("\n", index) + 1, index)),
    }));
  const maker =
    makers.find(({ isNonce }) => isNonce) ?? (makers.length === 1 ? makers[0] : undefined);
  if (maker === undefined) return { made: "elsewhere", bytes: null };
  return { made: maker.isOnce ? "once" : "per-answer", bytes: maker.bytes };
}

function bytesOf(name: string, given: string | undefined): number | null {
  if (given !== undefined && name !== "nanoid")
    return name === "randbits" ? Number(given) / 8 : Number(given);
  return Object.hasOwn(DEFAULT_BYTES, name) ? (DEFAULT_BYTES[name] ?? null) : null;
}

/** Lines upwards in which the function around a statement is looked for. */
const LINES_MAX = 2_000;

/** Python: no line above, indented less, begins a function. */
function isAtImport(code: string, index: number): boolean {
  const lines = code.slice(0, index).split("\n").slice(-LINES_MAX);
  let indent = indentOf(lines.at(-1) ?? "");
  if (/\blambda\b/.test(lines.at(-1) ?? "")) return false;
  for (const line of lines.toReversed().slice(1)) {
    if (line.trim() === "" || indentOf(line) >= indent) continue;
    if (/^\s*(?:async\s+)?def\b/.test(line)) return false;
    indent = indentOf(line);
  }
  return true;
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

/** JavaScript: in no braces, and in no arrow function. */
function isAtTopLevel(code: string, index: number): boolean {
  let depth = 0;
  for (const character of code.slice(0, index))
    depth += character === "{" ? 1 : character === "}" ? -1 : 0;
  const line = code.slice(code.lastIndexOf("\n", index) + 1, index);
  return depth <= 0 && !/=>|\bfunction\b/.test(line);
}

function row(file: string, line: number, making: NonceMaking): SourceSetting {
  const bytes = making.bytes === null ? "" : `, ${making.bytes} bytes`;
  const words = {
    "per-answer": "made for each answer",
    once: "made once, when the program starts",
  };
  const shown = `${
    making.made === "per-answer" || making.made === "once"
      ? words[making.made]
      : making.made === "never"
        ? "written out"
        : "made elsewhere"
  }${bytes}`;
  return {
    slug: "csp.nonce",
    property: "csp.nonce",
    ...{ file, line, kind: making.made === "never" ? "literal" : "computed", value: shown },
    variables: [],
    resolved: { state: "known", value: making, from: "literal" },
    chain: `the nonce of a policy is ${shown} <- ${file}:${line}`,
  };
}
