import { assignmentsIn, NAME_PIECE } from "./assignments.ts";
import { developmentBlock } from "./blocks.ts";
import { isBuildStep } from "./dockerfile-step.ts";
import { providerAt, tokenPlaceholder } from "./issued.ts";
import { isDenylistName, type NameKind } from "./names.ts";
import { type FileFormat, fileFormat, type PathClass, pathClass } from "./paths.ts";
import { PROVIDER_KEYWORD } from "./providers.ts";
import { isCommentLine, type Region, regionOnLine, tripleQuoted } from "./regions.ts";
import { classifyValue, isPlaceholderText, type ValueClass } from "./values.ts";

/** Something written where a secret belongs, or that has the form of one. Holds the text in clear. */
export interface SecretHit {
  /** A provider's id; `assignment`, `url-password` or `authorization` else. */
  readonly detector: string;
  /** For people: `GitHub personal access token`; the name it is bound to. */
  readonly title: string;
  readonly value: string;
  readonly verdict: Exclude<ValueClass, "reference">;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly place: HitPlace;
}

/**
 * `statement`: it is in force where the file is. `denylist`: a value that is compared with, or listed as refused.
 * `build`: a Dockerfile's RUN or ARG. `development`: under a class, key or condition of development or tests.
 */
export type HitPlace = "statement" | "denylist" | "build" | "development" | Region;

export interface ScannedText {
  readonly pathClass: PathClass;
  readonly hits: readonly SecretHit[];
  /** The file was not looked into: no text of a known kind, or machine-made. */
  readonly skipped?: "kind" | "minified";
}

export const LINE_LENGTH_MAX = 2_000;
/** Longer lines on average than people write, in a file of some size. */
export const MINIFIED_BYTES_MIN = 8_192;
export const MINIFIED_LINE_MEAN = 400;
export const HITS_MAX = 200;
const ELEMENT_LINES_MAX = 60;

/** A password in a URL (RFC 3986 section 3.2.1), a header's credential (RFC 6750, RFC 7617). */
const URL_PASSWORD = /:\/\/([^\s:@/"'`<>\\]{0,100}):([^\s@/"'`<>\\]{1,200})@([\w.[\]${}-]{1,200})/g;
const AUTHORIZATION = /\b(?:Bearer|Basic|Token token=)[ "]{1,2}([A-Za-z0-9._~+/-]{20,600}={0,2})/g;
const PLAIN_HOST =
  /^(?:example\.|localhost|127\.|.{0,100}\.(?:test|example|invalid)$|host$|hostname$)/;

/** Looks through one file. Linear in its length: every pattern is sticky or bounded. */
export function scanSecrets(path: string, text: string): ScannedText {
  const kind = pathClass(path);
  const format = fileFormat(path);
  if (format === undefined || kind === "asset" || kind === "lock" || kind === "vendored")
    return { pathClass: kind, hits: [], skipped: "kind" };
  if (isMinified(text)) return { pathClass: kind, hits: [], skipped: "minified" };
  const scan = new Scan(path, text, format);
  scan.providers();
  if (kind !== "docs" && kind !== "locale" && format !== "prose") scan.assignments();
  return { pathClass: kind, hits: scan.sorted() };
}

function isMinified(text: string): boolean {
  if (text.length < MINIFIED_BYTES_MIN) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    lines += 1;
    if (text.length < lines * MINIFIED_LINE_MEAN) return false;
  }
  return true;
}

interface Place {
  readonly start: number;
  readonly line: string;
  readonly number: number;
}

/** One file's scan: counts lines as it goes, and knows Python's long strings once it is asked. */
class Scan {
  readonly #path: string;
  readonly #text: string;
  readonly #format: FileFormat;
  readonly #hits: SecretHit[] = [];
  #strings: readonly (readonly [number, number])[] | undefined;
  #counted = 0;
  #number = 1;

  constructor(path: string, text: string, format: FileFormat) {
    this.#path = path;
    this.#text = text;
    this.#format = format;
  }

  sorted(): readonly SecretHit[] {
    return this.#hits.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Forms that tell by themselves what they are. */
  providers(): void {
    const text = this.#text;
    for (const match of text.matchAll(PROVIDER_KEYWORD)) this.#provider(match[0], match.index);
    for (const match of text.matchAll(URL_PASSWORD)) {
      const [, user = "", password = "", host = ""] = match;
      const verdict = PLAIN_HOST.test(host) ? "placeholder" : passwordClass(user, password);
      if (verdict === "reference") continue;
      const at = match.index + 4 + user.length;
      this.#add("url-password", "password in a URL", password, verdict, at);
    }
    for (const match of text.matchAll(AUTHORIZATION)) {
      const value = match[1] ?? "";
      const verdict = classifyValue(value, "key");
      const at = match.index + match[0].indexOf(value);
      if (verdict === "opaque")
        this.#add("authorization", "credential of a header", value, verdict, at);
    }
  }

  #provider(keyword: string, at: number): void {
    if (/[A-Za-z0-9]/.test(this.#text[at - 1] ?? "")) return;
    const found = providerAt(this.#text, keyword, at) ?? tokenPlaceholder(this.#text, keyword, at);
    if (found !== undefined) this.#add(found.detector, found.title, found.value, found.verdict, at);
  }

  /** What is bound to a name that says secret. */
  assignments(): void {
    const text = this.#text;
    const needle = new RegExp(NAME_PIECE.source, "gi");
    for (let hit = needle.exec(text); hit !== null; hit = needle.exec(text)) {
      const place = this.#placeOf(hit.index);
      needle.lastIndex = place.start + place.line.length + 1;
      if (place.line.length <= LINE_LENGTH_MAX) this.#line(place);
      if (this.#hits.length >= HITS_MAX) return;
    }
  }

  #line({ start, line }: Place): void {
    const isComment = isCommentLine(line, this.#path);
    if (isComment && this.#format === "code") return;
    for (const one of this.#collected(line, start)) this.#assigned(one, start);
    for (const one of assignmentsIn(line, this.#format)) {
      if (one.opens) {
        for (const each of this.#elements(start + one.at, one.name))
          this.#assigned({ ...one, ...each }, start);
      } else this.#assigned(one, start);
    }
  }

  #assigned(one: Found, start: number): void {
    const verdict = verdictOf(one, this.#format);
    if (verdict === "reference") return;
    if (verdict === "empty" && this.#format !== "dotenv") return;
    const at = start + one.at;
    if (this.#hits.some((hit) => hit.value === one.value && hit.line === this.#placeOf(at).number))
      return;
    const refused = one.isCompared || one.isListed === true;
    this.#add("assignment", one.name, one.value, verdict, at, refused ? "denylist" : undefined);
  }

  /** Elements of a collection whose name says that it lists what is refused. */
  #collected(line: string, start: number): readonly Found[] {
    const [, name = ""] = COLLECTION.exec(line) ?? [];
    if (name === "" || !isDenylistName(name)) return [];
    return this.#elements(start, name).map((each) => ({
      ...each,
      name,
      kind: "key",
      isQuoted: true,
      isCompared: false,
      isListed: true,
    }));
  }

  /** The quoted elements from `from` to the closing bracket; offsets are relative to the line of `from`. */
  #elements(
    from: number,
    name: string,
  ): readonly { readonly value: string; readonly at: number }[] {
    const start = this.#placeOf(from).start;
    const open = this.#text.slice(from + name.length).search(/[[{(]/) + from + name.length + 1;
    const element = /["']([^"'\n]{1,600})["']|[\])}]|\n/g;
    element.lastIndex = open;
    const found: { value: string; at: number }[] = [];
    let lines = 0;
    for (let match = element.exec(this.#text); match !== null; match = element.exec(this.#text)) {
      if (match[0] === "\n") lines += 1;
      else if (match[1] === undefined) break;
      else found.push({ value: match[1], at: match.index - start });
      if (lines > ELEMENT_LINES_MAX || found.length >= ELEMENT_LINES_MAX) break;
    }
    return found;
  }

  #add(
    detector: string,
    title: string,
    value: string,
    verdict: SecretHit["verdict"],
    at: number,
    place?: HitPlace,
  ): void {
    if (this.#hits.length >= HITS_MAX) return;
    const { line, start, number } = this.#placeOf(at);
    const column = at - start;
    const found =
      place ?? this.#region(line, start, column, detector === "assignment" ? title.length : 0);
    this.#hits.push({
      detector,
      title,
      value,
      verdict,
      line: number,
      column: column + 1,
      place: found,
    });
  }

  #region(line: string, start: number, column: number, length: number): HitPlace {
    if (isCommentLine(line, this.#path)) return "comment";
    const inCode =
      this.#format === "code" ? this.#codeRegion(line, start, column, length) : undefined;
    if (inCode !== undefined) return inCode;
    if (this.#format === "dockerfile" && isBuildStep(this.#text, start, line)) return "build";
    return developmentBlock(this.#text, start, line) ? "development" : "statement";
  }

  #codeRegion(line: string, start: number, column: number, length: number): Region | undefined {
    if (this.#isInDocstring(start + column)) return "docstring";
    const mark = HASH_LANGUAGE.test(this.#path) ? "#" : "//";
    return length === 0 ? undefined : regionOnLine(line, column, length, mark);
  }

  #isInDocstring(at: number): boolean {
    if (!/\.pyi?$/.test(this.#path)) return false;
    this.#strings ??= tripleQuoted(this.#text);
    return this.#strings.some(([from, to]) => at >= from && at < to);
  }

  /** The line around an offset. Offsets mostly come in order, so that lines are counted once. */
  #placeOf(at: number): Place {
    const text = this.#text;
    const start = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
    const end = text.indexOf("\n", at);
    if (start < this.#counted) {
      this.#counted = 0;
      this.#number = 1;
    }
    let next = text.indexOf("\n", this.#counted);
    while (next !== -1 && next < start) {
      this.#number += 1;
      this.#counted = next + 1;
      next = text.indexOf("\n", this.#counted);
    }
    const line = text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
    return { start, line, number: this.#number };
  }
}

const HASH_LANGUAGE = /\.(?:py|pyi|rb|pl|pm|r|tf|hcl|ex|exs|coffee)$/;

interface Found {
  readonly name: string;
  readonly kind: NameKind;
  readonly value: string;
  readonly at: number;
  readonly isQuoted: boolean;
  readonly isCompared: boolean;
  readonly isListed?: boolean;
}

const COLLECTION =
  /([\w$]{1,80})\s{0,4}(?::[^=\n]{0,60})?=\s{0,4}(?:new\s)?(?:frozenset|set|Set|list|tuple)?\(?\s{0,4}[[{(]/;

const EXPRESSION = /^[$&*!|>%@]|^\w[\w.]{0,60}\(|^(?:true|false|null|none|yes|no|~)$/i;

/** Bare text may be an expression; quoted text is what it is. In code a word may be a field's name. */
function verdictOf({ value, kind, isQuoted }: Found, format: FileFormat): ValueClass {
  if (!isQuoted && format !== "dotenv" && EXPRESSION.test(value)) return "reference";
  const verdict = classifyValue(value, kind);
  const isWord = format === "code" && verdict === "placeholder" && /^[\w.-]+$/.test(value);
  return isWord && !isPlaceholderText(value) ? "reference" : verdict;
}

function passwordClass(user: string, password: string): ValueClass {
  const verdict = classifyValue(password, "password");
  return password === user && verdict !== "reference" ? "typed" : verdict;
}
