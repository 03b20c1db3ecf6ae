/**
 * What a value is as text. `opaque` could be the secret itself; `typed` is a word or short password;
 * `reference` names where the secret comes from, or is no secret at all (prose, a path, a name).
 */
export type ValueClass = "empty" | "placeholder" | "reference" | "typed" | "opaque";

/** Catalog G9, and words people put where the secret belongs. Case does not count. */
const PLACEHOLDER_PART =
  /change[-_ ]?(?:me|this|it|in|to|before|please|now)|replace[-_ ]?(?:me|this|with|by|in|it)|your?[-_ .]|[-_ ]your[-_ ]|placeholder|insecure|example|sample|dummy|dev[-_]only|todo|fixme|hunter2|fake|mock|redacted|removed|masked|censored|put[-_ ]|insert|enter[-_ ]|generate|random[-_ ]|a[-_ ]?long|must[-_ ]be|to[-_ ]be[-_ ]|not[-_ ]?(?:a[-_ ]|so[-_ ]|very[-_ ]|real|secret|secure|set|used)|super[-_ ]?secret|(?:very|top|my|some|the|our|keep|shh?)[-_ ]*(?:secret|password|passwd|key|token)|secret[-_ ]?(?:key|token|password|value|string|here|word)|password[-_ ]?(?:here|123)|[-_ ]here$|[-_ ]goes[-_ ]|hard[-_ ]to[-_ ]guess|foobar|lorem|asdf|qwert|letmein|s3cr3t|p[a@]ss?w[o0]rd|changeit|deadbeef|cafebabe|abcdef|12345|x{4,}|\*{3,}|\.{3}|\u2026|_{4,}|-{4,}|#{4,}|^-+$/i;
const PLACEHOLDER_WORD =
  /(?:^|[^a-z0-9])(?:default|test|testing|tests|demo|secret|password|dev|development|local|localhost|ci|none|null|nil|undefined|unused|unknown|xxx+|yyy+|zzz+|abc|foo|bar|baz|admin|root|guest|user|key|token|invalid|bogus|blah|temp|tmp|hello|secure)(?:[^a-z0-9]|[0-9]{1,4}$|$)/i;
/** Says that it is to be replaced; a field's name says no such thing. */
const STRONG_PLACEHOLDER =
  /change|replace|your|placeholder|insecure|example|dummy|dev[-_]|fixme|todo|super|x{4}|1234|not[-_]|test|fake|guess|generate|sample|demo|<|\.{3}|\*{3}/i;
const BRACKETED = /^\s*(?:<[^<>]*>|\[[^[\]]*\]|\{[^{}]*\}|\([^()]*\)|%[^%]*%|@[^@]*@)\s*$/;

const REFERENCE =
  /\$\{[A-Za-z_]|\$\([a-z]{2,20}[ )]|\{\{\s{0,4}[\w.$[('"]|<%[=-]|#\{[\w.@]{1,40}\}|%\([a-z_]{1,40}\)s|^%s|%s$|\{[A-Za-z_][\w.]{0,40}\}|^\$[A-Z_][A-Z0-9_]{1,60}$|process\.env|os\.environ|getenv|import\.meta|secrets?\.[A-Z]{3}|^vault:|^arn:|^(?:env|file|ref|ssm|op|vault|secret|secretref|keyring|aws-sm|gcp-sm|akv|base64|sha(?:1|256|384|512)):|^ENC\[/;
/** Made of a password, and not it: crypt(5), PHC strings, Django's and LDAP's forms. */
const HASH =
  /^\$(?:[156y]|2[abxy]|apr1|argon2\w{1,2}|scrypt|pbkdf2[\w-]{0,12})\$|^(?:pbkdf2|bcrypt|scrypt|argon2|md5|sha1|sha256|sha512)\w{0,12}[:$]|^\{(?:S?SHA|S?MD5|CRYPT|PLAIN)/i;
const PATH =
  /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)|\.(?:pem|key|crt|txt|json|ya?ml|env|py|[jt]sx?|html?|php|md|toml|ini|cfg|file|p12|jks)$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Letters that follow one another in English and in identifiers; random letters hold few of them. */
const COMMON_PAIRS = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur " +
    "ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv " +
    "ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga " +
    "qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr cc tw ft"
  ).split(" "),
);
const WORDY_SHARE = 0.62;

/** Shortest value that a key or token may have; below it trial finds it. */
const KEY_LENGTH_MIN = 16;
const PASSWORD_LENGTH_MIN = 10;
export const VALUE_LENGTH_MAX = 512;
const KEY_BITS = 3;
/** Sixteen symbols give at most 4 bits each; of 32 digits 3 are always reached. */
const HEX_BITS = 2.6;
const PASSWORD_BITS = 2.7;

/** Tells what the text is by itself; whether it is live depends on its place. */
export function classifyValue(value: string, kind: "password" | "key"): ValueClass {
  const text = value.trim();
  if (text === "") return "empty";
  if (BRACKETED.test(text)) return "placeholder";
  if (isReference(text) || isLabel(text)) return "reference";
  if (isPlaceholder(text)) return "placeholder";
  if (isProse(text)) return "reference";
  return wordOrSecret(text, kind);
}

function wordOrSecret(text: string, kind: "password" | "key"): ValueClass {
  if (isIdentifier(text)) return kind === "password" ? "typed" : "reference";
  // Models of security keys and the like have one; no one is given one as a password.
  if (kind === "password" && UUID.test(text)) return "reference";
  const decoded = decodedText(text);
  if (decoded !== undefined && classifyValue(decoded, kind) !== "opaque")
    return isPlaceholder(decoded) ? "placeholder" : "typed";
  return isRandom(text, kind) ? "opaque" : "typed";
}

/** Several words that begin as a label, a heading or a sentence does. */
function isLabel(text: string): boolean {
  return /^\S{1,40}\s/.test(text) && (/^[^a-z]/.test(text) || text.split(/\s+/).length > 6);
}

function isReference(text: string): boolean {
  return [REFERENCE, HASH, PATH, ENVIRONMENT_NAME].some((each) => each.test(text));
}

/** A sentence, a label in any language, a list, an address, a document. */
function isProse(text: string): boolean {
  if (/\s|[^\x20-\x7e]/.test(text) || text.length > VALUE_LENGTH_MAX) return true;
  return /^(?:https?|wss?|ftp|mailto|urn|data|tel|chrome|about):/i.test(text);
}

export function isPlaceholderText(text: string): boolean {
  return STRONG_PLACEHOLDER.test(text);
}

function isPlaceholder(text: string): boolean {
  if (PLACEHOLDER_PART.test(text) || PLACEHOLDER_WORD.test(text)) return true;
  return isMonotonous(text);
}

/** One character or short piece over and over (`aaaa`, `abcabcabc`), or a run (`0123456789`, `zyxwv`). */
function isMonotonous(text: string): boolean {
  if (new Set(text).size <= Math.max(2, text.length / 12)) return true;
  for (let period = 1; period <= 8 && period * 2 <= text.length; period += 1) {
    if (text.slice(period) === text.slice(0, -period)) return true;
  }
  let run = 0;
  for (let at = 2; at < text.length; at += 1) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    const isSame = step === text.charCodeAt(at - 1) - text.charCodeAt(at - 2);
    if (isSame && Math.abs(step) <= 1) run += 1;
  }
  return run * 2 > text.length;
}

/** Words joined as identifiers and labels are: `access_token`, `X-API-Key`, `userPassword`, `Passwort`. */
function isIdentifier(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9]*(?:[._:/@+-]+[A-Za-z0-9]+)*[.:_!?*-]?$/.test(text)) return false;
  if (/^[A-Za-z]+$/.test(text) && text.length <= 12) return true;
  const digits = text.match(/[0-9]/g)?.length ?? 0;
  return digits * 6 <= text.length && wordiness(text) >= WORDY_SHARE;
}

/** Share of pairs of letters that words have, in runs of letters of one case. 1 where there are too few to tell. */
export function wordiness(text: string): number {
  const runs = text.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  let pairs = 0;
  let common = 0;
  for (const run of runs) {
    // A letter alone between others is no word.
    if (run.length === 1) {
      pairs += 1;
      continue;
    }
    const lower = run.toLowerCase();
    for (let at = 1; at < lower.length; at += 1) {
      pairs += 1;
      if (COMMON_PAIRS.has(lower.slice(at - 1, at + 1))) common += 1;
    }
  }
  return pairs === 0 ? 0 : common / pairs;
}

/** What a base64 value says in clear, where it is text: a placeholder may hide in it. */
function decodedText(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{8,200}={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const decoded = atob(text);
  return /^[\x20-\x7e\n]{4,}$/.test(decoded) ? decoded.trim() : undefined;
}

function isRandom(text: string, kind: "password" | "key"): boolean {
  const minimum = kind === "password" ? PASSWORD_LENGTH_MIN : KEY_LENGTH_MIN;
  if (text.length < minimum) return false;
  const bits = entropy(text);
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 20 && bits >= HEX_BITS;
  // Django's own: fifty of lower-case letters, digits and signs.
  if (wordiness(text) >= WORDY_SHARE && text.length < 40) return false;
  if (kind === "key" || text.length >= KEY_LENGTH_MIN) return bits >= KEY_BITS;
  return classes(text) >= 3 && bits >= PASSWORD_BITS;
}

function classes(text: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((each) => each.test(text)).length;
}

/** Shannon entropy of one character, in bits. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
