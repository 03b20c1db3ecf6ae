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

/** Words without which a text holds nothing that `CREDENTIALS`, `ASSIGNED` or `COMPARED` find. */
const NAMED_WORDS = /bearer|basic|api[-_]?key|token|secret|passw|credential|session|authorization/i;

/** The text without what says itself that it is a credential. Most texts hold nothing of the kind: those cost little. */
export function hideSecrets(text: string): string {
  const hidden = text.includes("@") ? hideUserinfo(text) : text;
  const others = NAMED_WORDS.test(hidden)
    ? hidden.replaceAll(CREDENTIALS, `$1 ${MASK}`).replaceAll(ASSIGNED, `$1${MASK}`)
    : hidden;
  return others.includes(":") ? others.replaceAll(BOT_TOKEN, `$1${MASK}`) : others;
}

function hideUserinfo(text: string): string {
  return text.replaceAll(USERINFO, (found, before: string) =>
    before === "://" ? `://${MASK}@` : found.startsWith("mailto:") ? found : `${MASK}@`,
  );
}

const RANDOM_CHARACTERS_MIN = 16;
/** At least 16 characters with both cases and a digit, or 32 of hexadecimal; paths are none. */
const RANDOM =
  /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+=-][\w+/=-]{15,}$|^[\da-f-]{32,}$|^[\dA-F-]{32,}$/;

/** A key somebody made up, by its look: names and addresses mix no cases with digits at that length. */
export function looksRandom(text: string): boolean {
  if (text.length < RANDOM_CHARACTERS_MIN) return false;
  return RANDOM.test(text.replace(/^!?~?\*?\^?/, "").replace(/\)?\$?\)?$/, ""));
}

/** What a condition compares a credential with: `req.hdr(x-token) -m str ...`, `header X-Token ...`. */
const COMPARED =
  /((?:authorization|api[-_]?key|token|secret|passw|credential)[\w-]{0,20}[)}"']{0,3}(?:\s+(?:-[a-z]|str|beg|reg|eq|[!=]{0,2}=))*\s+[!"'^]{0,3})[A-Za-z0-9][\w+/.~%-]{5,}=*/gi;

/** The same value with credentials and random words of all its texts masked; keys, shapes and numbers stay. */
export function hideInTexts<T>(value: T): T;
export function hideInTexts(value: unknown): unknown {
  if (typeof value === "string") return hideWords(value);
  if (Array.isArray(value)) return mapKept(value, (one: unknown) => hideInTexts(one));
  if (typeof value !== "object" || value === null) return value;
  const before = Object.entries(value);
  const after = before.map(([key, one]) => [key, hideInTexts(one)] as const);
  return after.some(([, one], at) => one !== before[at]?.[1]) ? Object.fromEntries(after) : value;
}

/** The list with each element replaced; the same list where each stays what it is. */
export function mapKept<T>(list: readonly T[], replace: (one: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (const [at, one] of list.entries()) {
    const other = replace(one);
    if (changed === undefined && other !== one) changed = list.slice(0, at);
    changed?.push(other);
  }
  return changed ?? list;
}

function hideWords(text: string): string {
  const hidden = hideSecrets(text);
  const compared = NAMED_WORDS.test(hidden) ? hidden.replaceAll(COMPARED, `$1${MASK}`) : hidden;
  if (compared.length < RANDOM_CHARACTERS_MIN) return compared;
  return compared.replaceAll(LONG_WORDS, (word) => (looksRandom(word) ? MASK : word));
}

const LONG_WORDS = /[^\s"'^$?&]{16,}/g;
