/** Characters below 0x80 that `ngx_escape_uri` writes as `%XX` besides control characters (nginx 1.21.1 and later). */
const URI_ESCAPED = new Set(' "#%<>?\\^`{|}');
const ARGS_ESCAPED = new Set(' "#%&+;<>?\\^`{|}');

const encoder = new TextEncoder();
const DELETE = 0x7f;
const BLANK = 0x20;

/** `NGX_ESCAPE_URI`: a path for a request to an upstream server. */
export function escapeUri(text: string): string {
  return escaped(text, URI_ESCAPED);
}

/** `NGX_ESCAPE_ARGS`: a capture that becomes part of a query or of a redirect. */
export function escapeArgs(text: string): string {
  return escaped(text, ARGS_ESCAPED);
}

function escaped(text: string, escapes: ReadonlySet<string>): string {
  const parts: string[] = [];
  for (const byte of encoder.encode(text)) {
    const character = String.fromCharCode(byte);
    const isEscaped = byte < BLANK || byte >= DELETE || escapes.has(character);
    parts.push(isEscaped ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}` : character);
  }
  return parts.join("");
}

/**
 * `NGX_UNESCAPE_REDIRECT`, done to the whole target by a `rewrite` that redirects: up to the first `?`
 * (encoded or not) `%XX` of printable characters above `%` is decoded. A `%` that begins no such code is
 * lost, and hides a `?` that follows it.
 */
export function unescapeRedirect(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [whole, digits] = nextUnit(text, at);
    at += whole.length;
    if (whole === "?" || /^%3f$/i.test(whole)) return `${parts.join("")}?${text.slice(at)}`;
    parts.push(digits === undefined ? whole : decodedUnit(whole, digits));
  }
  return parts.join("");
}

/** A character, or a `%` with what belongs to it. */
function nextUnit(text: string, at: number): readonly [whole: string, afterPercent?: string] {
  if (text[at] !== "%") return [text.charAt(at)];
  const isHex = /[0-9a-f]/i.test(text.charAt(at + 1));
  const whole = text.slice(at, at + (isHex ? 3 : 2));
  return [whole, whole.slice(1)];
}

function decodedUnit(whole: string, digits: string): string {
  if (!/^[0-9a-f]/i.test(digits)) return digits;
  if (!/^[0-9a-f]{2}$/i.test(digits)) return "";
  const code = Number.parseInt(digits, 16);
  return code > PERCENT && code < DELETE ? String.fromCharCode(code) : whole;
}

const PERCENT = 0x25;
