import type { HttpMessage } from "../../core/host.ts";
import type { HttpPage } from "../../core/http-page.ts";
import { fieldValues, type HttpBody, TEXT_CHARACTERS_MAX } from "../../core/http-site.ts";
import { integrityBase64Of, sha256Base64, sha256HexOf } from "../../wire/digest.ts";

/** Bytes of a page that are read and parsed. */
export const PAGE_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes in which a page names its encoding (HTML section 4.2.5.4). */
const CHARSET_PRESCAN_BYTES = 1024;

const HTML_TYPES: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml"]);
/** Text worth keeping besides HTML. */
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript)$)/;
const NO_TYPE = /^\s*(?:;|$)/;

/** How bodies of one site are read. */
export interface BodyReading {
  /** Takes the operator's secrets out of text. */
  readonly scrub: (text: string) => string;
  /** What was read before, by type and hash: the same page comes by several ways. */
  readonly read: Map<string, TextPart>;
}

type TextPart = Omit<HttpBody, "sizeBytes" | "codings" | "sha256" | "sha384" | "sha512">;

/** What a body is, decoded and measured. */
export async function describeBody(
  message: HttpMessage,
  { scrub, read }: BodyReading,
): Promise<HttpBody> {
  const { bytes, cut } = message.content ?? { bytes: new TextEncoder().encode(message.body) };
  const type = fieldValues(message, "content-type")[0] ?? "";
  const mime = mimeOf(type);
  const isHtml = HTML_TYPES.has(mime) || NO_TYPE.test(type);
  const measured = {
    sizeBytes: bytes.length,
    ...(cut !== undefined && { cut }),
    codings: codingsOf(message),
    sha256: sha256HexOf(bytes),
    sha384: integrityBase64Of("sha384", bytes),
    sha512: integrityBase64Of("sha512", bytes),
  };
  if (bytes.length === 0 || (!isHtml && !TEXT_TYPE.test(mime))) {
    return { ...measured, isTextCut: false };
  }
  const key = `${type}\n${measured.sha256}`;
  const part = read.get(key) ?? (await readText(bytes, { type, isHtml, scrub }));
  read.set(key, part);
  return { ...measured, ...part };
}

interface TextReading {
  readonly type: string;
  readonly isHtml: boolean;
  readonly scrub: (text: string) => string;
}

async function readText(
  bytes: Uint8Array,
  { type, isHtml, scrub }: TextReading,
): Promise<TextPart> {
  const charset = charsetOf(bytes, type);
  const text = scrub(new TextDecoder(charset).decode(bytes));
  const utf8 = charset === "utf-8" ? text : scrub(new TextDecoder().decode(bytes));
  const json = readJson(utf8);
  const naive = json?.kind === "string" ? String(json.value) : utf8;
  const isSame = naive === text || isAsciiCompatible(charset, json?.kind);
  return {
    charset,
    ...(json !== undefined && { json: json.kind }),
    text: text.slice(0, TEXT_CHARACTERS_MAX),
    isTextCut: text.length > TEXT_CHARACTERS_MAX,
    ...(isHtml && { page: await readPage(text) }),
    ...(isHtml && !isSame && { naivePage: await readPage(naive) }),
  };
}

/** Loaded only for the first page: the parser costs start-up time. */
async function readPage(text: string): Promise<HttpPage> {
  const { readHtml } = await import("../../parsers/html.ts");
  return readHtml(text, sha256Base64);
}

function mimeOf(type: string): string {
  return (type.split(";", 1)[0] ?? "").trim().toLowerCase();
}

function codingsOf(message: HttpMessage): readonly string[] {
  return fieldValues(message, "content-encoding")
    .flatMap((value) => value.toLowerCase().split(","))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "");
}

/** Encodings in which the markup's own characters are not those of ASCII. */
const NOT_ASCII: ReadonlySet<string> = new Set(["utf-16le", "utf-16be", "iso-2022-jp"]);

function isAsciiCompatible(charset: string, kind: HttpBody["json"]): boolean {
  return kind !== "string" && !NOT_ASCII.has(charset);
}

/** Byte order mark, then the field, then the page's own word, else UTF-8 (HTML section 13.2.3.2). */
function charsetOf(bytes: Uint8Array, type: string): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  const [, fromField] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type) ?? [];
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, CHARSET_PRESCAN_BYTES));
  const [, fromPage] = /<meta\b[^>]*charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start) ?? [];
  const declared = knownLabel(fromPage);
  // A page that can be read far enough to name UTF-16 is not in it.
  return knownLabel(fromField) ?? (declared?.startsWith("utf-16") ? "utf-8" : declared) ?? "utf-8";
}

function knownLabel(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The whole text as JSON. `undefined` where it is none. */
function readJson(
  text: string,
): { readonly kind: NonNullable<HttpBody["json"]>; readonly value: unknown } | undefined {
  if (!/^[ \t\r\n]*[[{"\-0-9tfn]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return { kind: kindOf(value), value };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function kindOf(value: unknown): NonNullable<HttpBody["json"]> {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "empty-array" : "array";
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return typeof value as "string" | "number" | "boolean"; // Narrowed by the cases.
    default:
      return "object";
  }
}
