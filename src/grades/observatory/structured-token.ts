/** RFC 9651 section 4.2.3: a bare item of any type, as a parameter's value may be one. */
const TOKEN = /[A-Za-z*][!#$%&'*+\-.^_`|~A-Za-z0-9:/]*/;
const BARE_ITEMS = [
  TOKEN,
  /-?(?:\d{1,12}\.\d{1,3}|\d{1,15})(?![\d.])/,
  /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/,
  /:[A-Za-z0-9+/=]*:/,
  /\?[01]/,
  /@-?\d{1,15}(?![\d.])/,
  /%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/,
];
const PARAMETER = `; *[a-z*][a-z0-9_\\-.*]*(?:=(?:${BARE_ITEMS.map(({ source }) => source).join("|")}))?`;
const TOKEN_ITEM = new RegExp(`^ *(${TOKEN.source})(?:${PARAMETER})* *$`);

/** The token of a structured field item (RFC 9651 section 4.2.3), parameters allowed; `undefined` for anything else. */
export function readToken(value: string): string | undefined {
  return TOKEN_ITEM.exec(value)?.[1];
}
