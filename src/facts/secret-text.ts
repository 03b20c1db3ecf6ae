/** What stands where a secret stood. */
export const MASK = "***";

/** Userinfo of a URL, or of an address without a scheme. */
const USERINFO = /(:\/\/|\b[\w.-]{1,60}:)[^\s/@:]{1,200}(?::[^\s/@]{1,200})?@/g;
const CREDENTIALS = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
/** `token=...` of a query or a cookie, `"password": "..."` of JSON, `X-Api-Key: ...` of a field in one word. */
const ASSIGNED =
  /(\b[\w.-]{0,60}(?:api[-_]?key|token|secret|passw|credential|session)[\w.-]{0,20}(?:\s{0,8}=\s{0,8}|"\s{0,8}:\s{0,8}|:\s{1,8})["']?)[A-Za-z0-9][\w+/.~%-]{5,}=*/gi;
/** The token of a Telegram bot, as it stands in its paths: an id, a colon, 35 characters (core.telegram.org/bots/api). */
const BOT_TOKEN = /(\d{6,12}:)[\w-]{30,}/g;

/** The text without what says itself that it is a credential. */
export function hideSecrets(text: string): string {
  return text
    .replaceAll(USERINFO, (found, before: string) =>
      before === "://" ? `://${MASK}@` : found.startsWith("mailto:") ? found : `${MASK}@`,
    )
    .replaceAll(CREDENTIALS, `$1 ${MASK}`)
    .replaceAll(ASSIGNED, `$1${MASK}`)
    .replaceAll(BOT_TOKEN, `$1${MASK}`);
}

/** At least 16 characters with both cases and a digit, or 32 of hexadecimal; paths are none. */
const RANDOM =
  /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+=-][\w+/=-]{15,}$|^[\da-f-]{32,}$|^[\dA-F-]{32,}$/;

/** A key somebody made up, by its look: names and addresses mix no cases with digits at that length. */
export function looksRandom(text: string): boolean {
  return RANDOM.test(text.replace(/^!?~?\*?\^?/, "").replace(/\)?\$?\)?$/, ""));
}

/** What a condition compares a credential with: `req.hdr(x-token) -m str ...`, `header X-Token ...`. */
const COMPARED =
  /((?:authorization|api[-_]?key|token|secret|passw|credential)[\w-]{0,20}[)}"']{0,3}(?:\s+(?:-[a-z]|str|beg|reg|eq|[!=]{0,2}=))*\s+[!"'^]{0,3})[A-Za-z0-9][\w+/.~%-]{5,}=*/gi;

/** The same value with credentials and random words of all its texts masked; keys, shapes and numbers stay. */
export function hideInTexts<T>(value: T): T;
export function hideInTexts(value: unknown): unknown {
  if (typeof value === "string") return hideWords(value);
  if (Array.isArray(value)) return value.map((one: unknown) => hideInTexts(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hideInTexts(one)]));
}

function hideWords(text: string): string {
  return hideSecrets(text)
    .replaceAll(COMPARED, `$1${MASK}`)
    .replaceAll(/[^\s"'^$?&]+/g, (word) => (looksRandom(word) ? MASK : word));
}
