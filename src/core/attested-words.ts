/** Characters of a name, an item or a release. */
export const WORD_CHARACTERS_MAX = 200;
/** Characters of one particular. */
export const DETAIL_CHARACTERS_MAX = 500;
export const DETAILS_MAX = 16;
export const EVIDENCE_MAX = 16;
export const SCOPE_MAX = 64;

/** Whether a name may stand in an attestation: one line, nothing a terminal would obey. */
export function isWord(text: unknown, charactersMax = WORD_CHARACTERS_MAX): text is string {
  return (
    typeof text === "string" &&
    text.trim() !== "" &&
    text === text.trim() &&
    [...text].length <= charactersMax &&
    !/[\p{C}\u2028\u2029]/u.test(text)
  );
}

/** A name for a particular. */
export function isDetailName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}

/** Hex of 32 bytes, lower case. */
export function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/** An address of the web without userinfo. */
export function isWebAddress(value: unknown): boolean {
  if (!isWord(value, DETAIL_CHARACTERS_MAX)) return false;
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "";
}
