import { type FieldProblem, type ProblemList, problemList, quoted } from "./field.ts";

/** One field of the file. */
export interface SecurityTxtField {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** From 1, in the file as received. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
}

export interface SecurityTxt {
  readonly fields: readonly SecurityTxtField[];
  /** In order of preference. */
  readonly contacts: readonly string[];
  /** Seconds since 1970; absent where Expires is missing, repeated or no date. */
  readonly expiresAt?: number;
  readonly canonical: readonly string[];
  readonly policies: readonly string[];
  readonly preferredLanguages: readonly string[];
  /** Whether an OpenPGP cleartext signature is around it; it is not verified. */
  readonly isSigned: boolean;
  /** `false` where nothing in the text is a field of RFC 9116: a page that answers every path, most often. */
  readonly looksLikeSecurityTxt: boolean;
  /** `field` is always 0; offsets count in the text as received. */
  readonly problems: readonly FieldProblem[];
}

/** Characters read; a real file has less than a few thousand. */
export const SECURITY_TXT_LENGTH_MAX = 65_536;
/** Fields read. */
export const SECURITY_TXT_FIELD_COUNT_MAX = 500;

/** Fields of RFC 9116 section 2.5; those that hold a URI, and those that may stand once only. */
const KNOWN: ReadonlySet<string> = new Set([
  "acknowledgments",
  "canonical",
  "contact",
  "encryption",
  "expires",
  "hiring",
  "policy",
  "preferred-languages",
  "csaf",
]);
const URIS: ReadonlySet<string> = new Set([
  "acknowledgments",
  "canonical",
  "contact",
  "encryption",
  "hiring",
  "policy",
  "csaf",
]);
const ONCE: readonly string[] = ["expires", "preferred-languages"];
/** RFC 3339 section 5.6, which RFC 9116 section 2.5.5 asks for. */
const DATE = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const ARMOR = "-----BEGIN PGP SIGNED MESSAGE-----";

interface Line {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
}

/** Parses a security.txt, RFC 9116 (April 2022), CSAF of the IANA registry included. Never throws. */
export function parseSecurityTxt(source: string): SecurityTxt {
  const problems = problemList();
  const text = source.slice(0, SECURITY_TXT_LENGTH_MAX);
  if (source.length > text.length)
    add(problems, "too-long", `the file has ${source.length} characters`, {
      offset: text.length,
      length: 0,
    });
  if (text.startsWith("\uFEFF"))
    add(problems, "byte-order-mark", "the file starts with a byte order mark", {
      offset: 0,
      length: 1,
    });
  const { lines, isSigned } = unwrap(splitLines(text), problems);
  const fields = lines
    .flatMap((line) => readField(line, problems))
    .slice(0, SECURITY_TXT_FIELD_COUNT_MAX);
  for (const field of fields) checkField(field, problems);
  checkPresence(fields, problems);
  const valuesOf = (name: string): readonly string[] =>
    fields.filter((field) => field.name === name).map(({ value }) => value);
  const [expires, ...more] = valuesOf("expires");
  const expiresAt = expires === undefined || more.length > 0 ? undefined : parseDate(expires);
  return {
    fields,
    contacts: valuesOf("contact"),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    canonical: valuesOf("canonical"),
    policies: valuesOf("policy"),
    preferredLanguages: (valuesOf("preferred-languages")[0] ?? "")
      .split(",")
      .map((language) => language.trim())
      .filter((language) => language !== ""),
    isSigned,
    looksLikeSecurityTxt: fields.some(({ name }) => KNOWN.has(name)),
    problems: problems.all,
  };
}

function add(
  problems: ProblemList,
  rule: string,
  message: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): void {
  problems.add(rule, message, { field: 0, offset, length });
}

/** Lines end at LF, CR LF (section 2.2) or, tolerated, CR alone. */
function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  for (const match of text.matchAll(/\r\n|\n|\r|$/g)) {
    if (match.index < start) continue;
    lines.push({ text: text.slice(start, match.index), number: lines.length + 1, offset: start });
    start = match.index + match[0].length;
  }
  return lines;
}

/** Takes an OpenPGP cleartext signature off (RFC 9580 section 7): headers, dash escapes and the signature. */
function unwrap(
  lines: readonly Line[],
  problems: ProblemList,
): { readonly lines: readonly Line[]; readonly isSigned: boolean } {
  const [first] = lines;
  if (first === undefined || first.text.trimEnd() !== ARMOR) return { lines, isSigned: false };
  const body = lines.findIndex(({ text }, index) => index > 0 && text.trim() === "");
  const end = lines.findIndex(({ text }) => text.startsWith("-----BEGIN PGP SIGNATURE-----"));
  if (end < 0)
    add(problems, "unfinished-signature", "the signed message has no signature", {
      offset: 0,
      length: ARMOR.length,
    });
  const inner = lines.slice(body < 0 ? lines.length : body + 1, end < 0 ? undefined : end);
  return {
    lines: inner.map((line) =>
      line.text.startsWith("- ")
        ? { ...line, text: line.text.slice(2), offset: line.offset + 2 }
        : line,
    ),
    isSigned: end >= 0,
  };
}

function readField(line: Line, problems: ProblemList): readonly SecurityTxtField[] {
  const { text, number, offset } = line;
  if (text.trim() === "" || text.startsWith("#")) return [];
  const match = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(text);
  if (match === null) {
    add(problems, "malformed-line", `line ${number} is neither field nor comment`, {
      offset,
      length: text.length,
    });
    return [];
  }
  const [, name = "", value = ""] = match;
  return [{ name: name.toLowerCase(), value, line: number, offset, length: text.length }];
}

function checkField(field: SecurityTxtField, problems: ProblemList): void {
  const { name, value } = field;
  if (!KNOWN.has(name)) add(problems, "unknown-field", `${quoted(name)} is no known field`, field);
  else if (URIS.has(name)) checkUri(field, problems);
  else if (name === "expires" && parseDate(value) === undefined)
    add(problems, "bad-expires", `${quoted(value)} is no date of RFC 3339`, field);
}

function checkUri(field: SecurityTxtField, problems: ProblemList): void {
  const { name, value } = field;
  const scheme = /^([a-z][a-z0-9+.-]*):\S+$/i.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const hint = /^\S+@\S+\.\S+$/.test(value) ? `, write mailto:${value.slice(0, 60)}` : "";
    add(problems, "no-uri", `${name} ${quoted(value)} is no URI${hint}`, field);
  } else if (scheme === "http") {
    add(problems, "http-uri", `${name} ${quoted(value)} is not https`, field);
  }
  if (name === "contact" && isPlaceholder(value))
    add(problems, "placeholder-contact", `${quoted(value)} is a placeholder`, field);
}

/** Names reserved for examples (RFC 2606) and words nobody is meant to leave in. */
function isPlaceholder(value: string): boolean {
  const isReserved = /[@./]example\.(?:com|org|net)\b|\.(?:example|invalid|test)\b/i.test(value);
  return isReserved || /your[-_. ]?(?:domain|company|email|org)|changeme/i.test(value);
}

function checkPresence(fields: readonly SecurityTxtField[], problems: ProblemList): void {
  const count = (name: string): number => fields.filter((field) => field.name === name).length;
  const nowhere = { offset: 0, length: 0 };
  if (count("contact") === 0) add(problems, "no-contact", "Contact is missing", nowhere);
  if (count("expires") === 0) add(problems, "no-expires", "Expires is missing", nowhere);
  for (const name of ONCE) {
    const [, second] = fields.filter((field) => field.name === name);
    if (second !== undefined)
      add(
        problems,
        "repeated-field",
        `${name} stands ${count(name)} times and may stand once`,
        second,
      );
  }
}

function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const at = Date.parse(text.toUpperCase());
  const [, , month = "", day = ""] = match;
  const isReal =
    new Date(Date.UTC(Number(match[1]), Number(month) - 1, Number(day))).getUTCDate() ===
    Number(day);
  return Number.isNaN(at) || !isReal ? undefined : Math.floor(at / 1000);
}
