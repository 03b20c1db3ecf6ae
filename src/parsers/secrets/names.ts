/** What a name says its value is: a password may be short, a key or token may not. */
export type NameKind = "password" | "key";

/** Words at the end that say more of the same value, not what it is. */
const TRAILING =
  /(?:_(?:fallbacks?|default|old|new|prod|production|live|value|b64|base64|hex|raw|plain|str|string|primary|secondary|[0-9]{1,2}))+$/;

/** Ends of names whose value is a secret; words joined by `_`, lower case. */
const PASSWORD =
  /(?:^|_)(?:password|passwd|passphrase|passwort|pwd|userpass|dbpass|erlang_cookie)$|_(?:pass|pw)$/;
const KEY =
  /(?:^|_)(?:secret|secrets|token|apikey|api_key|credential|credentials|authtoken|secretkey|privatekey|accesskey|pepper|dsn)$|_salt$|(?:^|_)(?:secret|api|access|private|encryption|encrypt|crypt|crypto|signing|sign|signature|auth|authentication|master|license|licence|jwt|session|cookie|cookies|webhook|service|account|shared|security|hmac|aes|fernet|datasource|storage|app|application|client|consumer|subscription|admin|root|deploy|deployment|ssh|ssl|tls|server|django|flask|rails|laravel|integration|internal|management|rsa|vapid_private|recaptcha_private|function|host)_key$|(?:^|_)(?:secret|api|access|private|encryption|signing|auth|jwt)_(?:keys|tokens)$/;

/** A public half, a name, a key of a table: no secret whatever else the name holds. */
const HARMLESS =
  /(?:^|_)(?:public|publishable|pub|csrf|xsrf|anon|anonymous|site|primary|foreign|cache|sort|partition|translation|i18n|locale|mock|fake|dummy|example|sample|test|next|prev|previous|page|pagination|continuation|cursor|sync|cancel|cancellation|abort|stop|start|end|bos|eos|pad|unk|sep|cls|mask|special|color|colour|design|theme|css|lexer|parser|syntax|node|punctuation|max|min|num|total|prompt|completion|input|output|usage|is|has|no|show|hide|toggle|forgot|forgotten|reset|change|changed|confirm|confirmed|confirmation|verify|repeat|retype|current|wrong|invalid|missing|bad|weak|strong|valid|validate|check|require|required|allow|enable|enabled|disable|disabled|generate|create|update|delete|get|set|use|with|without|hash|hashed|encrypted|sealed|masked|redacted|placeholder|field|column|label|title|text|message|error|help|hint|header|cookie_name|param|regex|pattern)(?:_|$)/;

/** Words such as `csrf_secret` and `cookie_secret` are secrets although the first word alone is harmless. */
const EVEN_SO =
  /(?:^|_)(?:csrf|cache|site|anon|page|node|cookie|sync|theme|test)_(?:secret|password|passwd|secret_key|api_key|access_key|private_key|auth_token|access_token|api_token)$|(?:^|_)(?:reset_password_secret|reset_secret|reset_token_secret|secret_key_base|secret_token|encrypted_secret)$/;

const NAME_LENGTH_MAX = 100;

/** What a name says of its value; `undefined` where it does not say that it is a secret. */
export function nameKind(name: string): NameKind | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const last = name.slice(name.lastIndexOf(".") + 1);
  // `spring.datasource.password`, `jwt.secret`, `app.key`: the last step, with the one before where it is one word.
  const words = wordsOf(/^[a-z]+$/.test(last) ? name.replaceAll(".", "_") : last);
  const stem = words.replace(TRAILING, "");
  if (HARMLESS.test(stem) && !EVEN_SO.test(stem)) return undefined;
  if (/(?:^|_)secret_key_base$/.test(stem)) return "key";
  if (PASSWORD.test(stem)) return "password";
  return KEY.test(stem) ? "key" : undefined;
}

/** `secretKey`, `SECRET-KEY`, `Secret.Key` as `secret_key`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

const DENYLIST =
  /(?:^|_)(?:default|insecure|known|weak|bad|forbidden|refused|rejected|blocked|banned|denied|deny|denylist|blocklist|blacklist|compromised|leaked|public|published|placeholder|unsafe|disallowed|invalid|common|example|sample|shipped)(?:_|$)/;
const HELD = /(?:^|_)(?:keys?|secrets?|passwords?|credentials?)(?:_|$)/;

/** Whether a collection's name says that it lists values that are refused: evidence of a guard, not of a secret. */
export function isDenylistName(name: string): boolean {
  const words = wordsOf(name);
  return DENYLIST.test(words) && HELD.test(words);
}
