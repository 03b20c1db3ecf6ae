import { isSecretName } from "../core/secret.ts";
import { STAGE_KEYS } from "./environment-stage.ts";

/** Keys whose value checks need in clear and that hold no secret by their meaning. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set([
  ...STAGE_KEYS,
  "HUB_URL",
  "DJANGO_SETTINGS_MODULE",
  "INSTANCE_ID",
  "SENTRY_RELEASE",
  "SENTRY_SEND_DEFAULT_PII",
  "WEB_CONCURRENCY",
  "FORWARDED_ALLOW_IPS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "PYTHONHTTPSVERIFY",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "CLUSTER_ROLE",
]);

/** The same by shape: switches, hosts, ports, rates, log and cookie settings. */
const PUBLIC_SHAPES: readonly RegExp[] = [
  /(?:^|_)(?:DEBUG|ENABLED?|DISABLED|RELOAD)$/,
  /(?:^|_)(?:ALLOWED|TRUSTED)_HOSTS?$/,
  /(?:^|_)(?:TRUSTED|ALLOWED|CORS)_(?:[A-Z]+_)?ORIGINS?$/,
  /(?:^|_)(?:PORT|HOST|BIND|ADDRESS|DOMAIN|SERVER_NAME)$/,
  /^AGENTOS_LOGS_/,
  /^SENTRY_[A-Z_]+_RATE$/,
  /(?:^|_)(?:LOG|LOGGING|LOGS)_(?:LEVEL|FILE|DIR|FORMAT|PERSIST|MAX_SIZE|BACKUPS?)$/,
  /(?:^|_)(?:DB|DATABASE|SQLITE)_(?:PATH|ENGINE|HOST|PORT|NAME|SSLMODE)$/,
  /_COOKIE_(?:SECURE|SAMESITE|HTTPONLY|AGE|DOMAIN|PATH)$/,
  /(?:^|_)(?:HTTPS_ONLY|SAME_?SITE|MAX_AGE|SSL_REDIRECT|HSTS(?:_[A-Z_]+)?|RATE_?LIMIT(?:_[A-Z_]+)?)$/,
  /^SECURE_[A-Z_]+$/,
  /(?:^|_)DRIVERS?$/,
];

/** Lists of hosts or origins: longer text is kept, so that no entry is lost. */
const LIST_SHAPE = /(?:HOSTS?|ORIGINS?|DRIVERS?)$/;
const TEXT_LENGTH_MAX = 200;
const LIST_LENGTH_MAX = 4_000;
const SECRET_LENGTH_MIN = 20;
/** Shannon entropy per character from which text looks generated; English words stay below. */
const SECRET_BITS_MIN = 3.3;

/** Whether a key's value may be shown at all. */
export function isPublicKey(key: string): boolean {
  const upper = key.toUpperCase();
  if (isSecretName(upper)) return false;
  return PUBLIC_KEYS.has(upper) || PUBLIC_SHAPES.some((shape) => shape.test(upper));
}

/**
 * What may be told in clear of a public key's value; `undefined` when it looks like a secret that
 * was pasted there. A URL loses userinfo, query and fragment.
 */
export function publicText(key: string, value: string): string | undefined {
  const upper = key.toUpperCase();
  const isLong = value.length > (LIST_SHAPE.test(upper) ? LIST_LENGTH_MAX : TEXT_LENGTH_MAX);
  if (isLong) return undefined;
  const text =
    value.includes("@") || value.includes("://") ? withoutCredentials(upper, value) : value;
  if (text === undefined) return undefined;
  return text.split(/[\s,;]+/).some((part) => isSecretLike(upper, part)) ? undefined : text;
}

/** `agentos-webui@1a2b3c4` is a release; anything else with `@` is taken for a URL or hidden. */
function withoutCredentials(key: string, value: string): string | undefined {
  if (!value.includes("://")) {
    if (key.endsWith("RELEASE")) return value;
    return key.endsWith("_URL")
      ? value.slice(value.lastIndexOf("@") + 1).split(/[?#]/, 1)[0]
      : undefined;
  }
  const parts = value
    .split(/([\s,;]+)/)
    .map((part) => (part.includes("://") ? bareUrl(part) : part));
  return parts.some((part) => part === undefined || part.includes("@"))
    ? undefined
    : parts.join("");
}

/** `https://hub.example.test:8443/path`, written as it was but for what may be secret. */
function bareUrl(text: string): string | undefined {
  const match = /^\s*["']?([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#\\]*)([^?#]*)/.exec(text);
  if (match === null) return undefined;
  const [, scheme = "", authority = "", path = ""] = match;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const shownPath = path
    .split("/")
    .map((segment) => (isSecretLike("", segment) || segment.includes("@") ? "…" : segment))
    .join("/");
  return `${scheme}://${host}${shownPath}`;
}

/** Long, mixed and without structure: the shape of a generated key. */
function isSecretLike(key: string, text: string): boolean {
  if (text.length < SECRET_LENGTH_MIN || /[.:/@\\]/.test(text)) return false;
  if (key.endsWith("RELEASE") && /^[0-9a-f]{7,40}$/.test(text)) return false;
  const isMixed = /[A-Za-z]/.test(text) && (/[0-9]/.test(text) || /[a-z].*[A-Z]/.test(text));
  return isMixed && entropyBits(text) >= SECRET_BITS_MIN;
}

function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()]
    .map((count) => count / text.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0);
}
