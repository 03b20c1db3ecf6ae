import { type CookieAttribute, type CookieSettings, readSettings } from "./cookie-attribute.ts";
import {
  FIELD_LENGTH_MAX,
  type FieldPiece,
  type FieldProblem,
  type FieldSpan,
  problemList,
  slicePiece,
  trimPiece,
} from "./field.ts";

/**
 * Set-Cookie as browsers read it: draft-ietf-httpbis-rfc6265bis-20 (2025) section 5.6, with the prefixes of
 * section 4.1.3, Partitioned of draft-cutler-httpbis-partitioned-cookies, and Chromium's Priority.
 * The value is given as a place only, so that it need not be kept.
 */
export interface SetCookie extends CookieSettings {
  /** Empty for a cookie without name. */
  readonly name: string;
  /** Where the value stands; it is a secret and no part of this. */
  readonly valueSpan: FieldSpan;
  readonly prefix?: CookiePrefix;
  /** Why every current browser refuses the cookie, whatever the URL; empty where none does. */
  readonly refused: readonly CookieRefusal[];
  /** Attributes in order, as written, name in lower case. */
  readonly attributes: readonly CookieAttribute[];
  readonly problems: readonly FieldProblem[];
}

export const COOKIE_PREFIXES = ["__Host-Http-", "__Host-", "__Http-", "__Secure-"] as const;
export type CookiePrefix = (typeof COOKIE_PREFIXES)[number];

export type CookieRefusal =
  | "control-character"
  | "too-long"
  | "empty"
  | "prefix-needs-secure"
  | "prefix-needs-http-only"
  | "prefix-forbids-domain"
  | "prefix-needs-path-root"
  | "prefix-in-nameless-value"
  | "samesite-none-needs-secure"
  | "partitioned-needs-secure";

/** Bytes of name and value together (section 5.6 step 6). */
export const COOKIE_LENGTH_MAX = 4096;
/** Attributes read from one cookie; the browsers' own limit is the header's length. */
export const ATTRIBUTE_COUNT_MAX = 100;

/** Parses one field line; a cookie may not be joined with another by a comma. `field` is its index in wire order. */
export function parseSetCookie(value: string, field = 0): SetCookie {
  const problems = problemList();
  const text = value.slice(0, FIELD_LENGTH_MAX);
  const whole: FieldPiece = { text, field, offset: 0, length: text.length };
  const [pair, ...rest] = splitAtSemicolons(whole);
  const { name, valuePiece } = readPair(pair ?? whole);
  const attributes = rest.slice(0, ATTRIBUTE_COUNT_MAX).map((piece) => readAttribute(piece));
  if (rest.length > ATTRIBUTE_COUNT_MAX)
    problems.add("too-many-attributes", `the cookie has ${rest.length} attributes`, whole);
  const settings = readSettings(attributes, problems);
  const prefix = COOKIE_PREFIXES.find((own) => name.toLowerCase().startsWith(own.toLowerCase()));
  const draft = {
    name,
    valueSpan: { field, offset: valuePiece.offset, length: valuePiece.length },
    ...settings,
    ...(prefix === undefined ? {} : { prefix }),
    attributes,
  };
  const refused = [...refusedText(value, name, valuePiece), ...refusedSettings(draft)];
  for (const reason of refused) problems.add(reason, REFUSALS[reason], whole);
  return { ...draft, refused, problems: problems.all };
}

const REFUSALS: Readonly<Record<CookieRefusal, string>> = {
  "control-character": "the cookie has a control character, browsers refuse it",
  "too-long": `name and value are longer than ${COOKIE_LENGTH_MAX} bytes, browsers refuse the cookie`,
  empty: "the cookie has neither name nor value, browsers ignore it",
  "prefix-needs-secure": "the name's prefix asks for Secure, browsers refuse the cookie",
  "prefix-needs-http-only":
    "the name's prefix asks for HttpOnly, browsers that know it refuse the cookie",
  "prefix-forbids-domain": "the name's prefix forbids Domain, browsers refuse the cookie",
  "prefix-needs-path-root": "the name's prefix asks for Path=/, browsers refuse the cookie",
  "prefix-in-nameless-value": "a cookie without name imitates a prefix, browsers refuse it",
  "samesite-none-needs-secure": "SameSite=None asks for Secure, browsers refuse the cookie",
  "partitioned-needs-secure": "Partitioned asks for Secure, browsers refuse the cookie",
};

/** A cookie knows no quoted strings: a semicolon always ends a part. */
function splitAtSemicolons(whole: FieldPiece): readonly FieldPiece[] {
  let start = 0;
  return whole.text.split(";").map((text) => {
    const piece = trimPiece(slicePiece(whole, start, start + text.length));
    start += text.length + 1;
    return piece;
  });
}

function readPair(pair: FieldPiece): { readonly name: string; readonly valuePiece: FieldPiece } {
  const at = pair.text.indexOf("=");
  if (at < 0) return { name: "", valuePiece: pair };
  return {
    name: pair.text.slice(0, at).replace(/[\t ]+$/, ""),
    valuePiece: trimPiece(slicePiece(pair, at + 1)),
  };
}

function readAttribute(piece: FieldPiece): CookieAttribute {
  const at = piece.text.indexOf("=");
  const { field, offset, length } = piece;
  const name = (at < 0 ? piece.text : piece.text.slice(0, at)).trim().toLowerCase();
  return { name, value: at < 0 ? "" : piece.text.slice(at + 1).trim(), field, offset, length };
}

function refusedText(value: string, name: string, { text }: FieldPiece): readonly CookieRefusal[] {
  const found: CookieRefusal[] = [];
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) found.push("control-character");
  if (name.length + text.length > COOKIE_LENGTH_MAX) found.push("too-long");
  if (name === "" && text === "") found.push("empty");
  const imitates = COOKIE_PREFIXES.some((own) => text.toLowerCase().startsWith(own.toLowerCase()));
  if (name === "" && imitates) found.push("prefix-in-nameless-value");
  return found;
}

function refusedSettings({
  prefix,
  secure,
  httpOnly,
  sameSite,
  partitioned,
  path,
  attributes,
}: Omit<SetCookie, "refused" | "problems">): readonly CookieRefusal[] {
  const found: CookieRefusal[] = [];
  const isHost = prefix?.startsWith("__Host-") === true;
  if (prefix !== undefined && !secure) found.push("prefix-needs-secure");
  if (prefix?.endsWith("Http-") === true && !httpOnly) found.push("prefix-needs-http-only");
  const hasDomain = attributes.some(({ name, value }) => name === "domain" && value !== "");
  if (isHost && hasDomain) found.push("prefix-forbids-domain");
  if (isHost && path !== "/") found.push("prefix-needs-path-root");
  if (sameSite === "none" && !secure) found.push("samesite-none-needs-secure");
  if (partitioned && !secure) found.push("partitioned-needs-secure");
  return found;
}

/** Browsers keep no cookie longer (section 5.5). */
export const COOKIE_LIFETIME_MAX_SECONDS = 400 * 86_400;

/** Seconds a cookie lives from `now` (seconds since 1970); `undefined` for the browser's session. */
export function cookieLifetime(
  { maxAgeSeconds, expiresAt }: SetCookie,
  now: number,
): number | undefined {
  const seconds = maxAgeSeconds ?? (expiresAt === undefined ? undefined : expiresAt - now);
  return seconds === undefined
    ? undefined
    : Math.max(0, Math.min(COOKIE_LIFETIME_MAX_SECONDS, seconds));
}
