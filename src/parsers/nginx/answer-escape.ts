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
 * (encoded or not), `%XX` of printable characters above `%` is decoded; of broken ones the `%` is lost.
 */
export function unescapeRedirect(text: string): string {
  const end = text.search(/\?|%3[fF]/);
  const path = end === -1 ? text : text.slice(0, end);
  const rest = end === -1 ? "" : text.slice(end).replace(/^%3[fF]/, "?");
  const decoded = path.replace(
    /%([0-9A-Fa-f]{2}|[0-9A-Fa-f].?|[^0-9A-Fa-f]|$)/gs,
    (whole, after: string) => {
      if (!/^[0-9A-Fa-f]{2}$/.test(after)) return /^[0-9A-Fa-f]/.test(after) ? "" : after;
      const code = Number.parseInt(after, 16);
      return code > PERCENT && code < DELETE ? String.fromCharCode(code) : whole;
    },
  );
  return decoded + rest;
}

const PERCENT = 0x25;
