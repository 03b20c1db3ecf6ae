/**
 * What may be told of a secret (catalog G6, G9): measures, never the value.
 * Computed where the value is read; the value itself goes no further.
 */
export interface SecretMeasure {
  /** Unicode code points, as Python's `len` and bash's `${#x}` count. */
  readonly length: number;
  readonly distinct: number;
  /** Remaining characters after periods and arithmetic runs, times Shannon entropy per character. */
  readonly effectiveBits: number;
  /** First 8 hex digits of HMAC-SHA-256 under the install's own key. */
  readonly fingerprint: string;
  readonly isBlank: boolean;
  readonly isPlaceholder: boolean;
  /** Holds `$(`, a backtick pair, or `${NAME}` with NAME unset: text no dotenv reader executes. */
  readonly isUnexpanded: boolean;
  /** Django's own marker for a key made by `startproject`. */
  readonly hasInsecurePrefix: boolean;
  /** Share of the letters covered by common words of at least three letters, 0 to 1. */
  readonly wordShare: number;
}

/** `set, 64 chars, fp:1a2b3c4d`: the only form in which a secret is ever shown. */
export function describeSecret({ length, fingerprint }: SecretMeasure): string {
  return length === 0 ? "set to empty" : `set, ${length} chars, fp:${fingerprint}`;
}

const SECRET_NAME =
  /(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PRIVATE|SALT|DSN|ERLANG_COOKIE)|(?:^|_)(?:KEY|KEYS|PASS|PWD|AUTH|PAT|APIKEY)(?:$|_(?:FILE|ID|FALLBACKS?|[0-9A-Z]{1,12})$)|(?:^|_)(?:DATABASE|DB|REDIS|BROKER|CACHE|MONGO|POSTGRES|MYSQL|AMQP|CELERY_BROKER|CELERY_RESULT_BACKEND)(?:_[A-Z]+)?_UR[LI]$|^WEBHOOK_URL|_WEBHOOK$/;

/** Variables of shells, ssh and the official Python image: directories, a socket and a public key's id. Switches of CORS. */
const NO_SECRETS: ReadonlySet<string> = new Set([
  "PWD",
  "OLDPWD",
  "SSH_AUTH_SOCK",
  "GPG_KEY",
  "ALLOW_CREDENTIALS",
  "CORS_ALLOW_CREDENTIALS",
]);

/** Whether a variable's name says that its value is a secret. Switches (`…_ENABLED`) are not. */
export function isSecretName(name: string): boolean {
  const upper = name.toUpperCase();
  if (NO_SECRETS.has(upper)) return false;
  if (
    /(?:_ENABLED?|(?:ALLOW(?:ED)?|SUPPORTS?)[_-]CREDENTIALS|PASSWORD_(?:HASHERS|VALIDATORS)|_REQUIRED|_LENGTH|_AGE|_TTL|_EXPIRY|_NAME|_HEADER|_ALGORITHM|_TIMEOUT)$/.test(
      upper,
    )
  )
    return false;
  return SECRET_NAME.test(upper);
}
