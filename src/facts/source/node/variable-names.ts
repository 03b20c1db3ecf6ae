/** What a variable decides, told by its name. */
interface NamedVariable {
  /** After the framework's name; a whole slug where it holds a dot. `undefined`: the name itself, in lower case. */
  readonly slug: string | undefined;
  readonly name: RegExp;
}

/** A prefix of the project's own stands before most: `HD_`, `APP_`. */
const VARIABLES: readonly NamedVariable[] = [
  { slug: undefined, name: /(?:FORCE|ENFORCE|REQUIRE|REDIRECT)_(?:HTTPS|SSL|TLS)$/ },
  {
    slug: "trust_proxy",
    name: /TRUST(?:ED)?_PROX(?:Y|IES)$|PROX(?:Y|IES)_(?:HEADERS_)?TRUST(?:ED)?$|BEHIND_PROXY$/,
  },
  {
    slug: "session_cookie_secure",
    name: /COOKIES?_SECURE$|(?:^|_)SECURE_COOKIES?$|SESSION_SECURE$/,
  },
  { slug: "session_cookie_samesite", name: /COOKIES?_SAME_?SITE$|SESSION_SAME_?SITE$/ },
  { slug: "session_max_age", name: /SESSION_(?:MAX_?AGE|LIFETIME|LIFE|TTL|DURATION|TIMEOUT)$/ },
  { slug: "session_secret", name: /(?:SESSION|COOKIES?)_(?:SECRET|KEY|PASSWORD)(?:_KEY)?$/ },
  { slug: "jwt_secret", name: /JWT_(?:SECRET|KEY|PRIVATE_KEY)(?:_KEY)?$/ },
  {
    slug: "secret_key",
    name: /^(?:\w+_)?SECRET_KEY$|^(?:APP|AUTH|NEXTAUTH|BETTER_AUTH)_SECRET$|^SECRET(?:_PASSWORD)?$|^APP_KEY$/,
  },
  { slug: "allowed_hosts", name: /ALLOWED_HOSTS$/ },
  {
    slug: "tls",
    name: /(?:^|_)(?:SSL|TLS|HTTPS)_(?:KEY|CERT)(?:_FILE|_PATH)?$|(?:USE|ENABLE)_(?:SSL|HTTPS)$/,
  },
  { slug: "csp.unsafe", name: /UNSAFE_(?:INLINE|EVAL)/ },
  { slug: "hsts", name: /(?:^|_)HSTS(?:_ENABLED?|_MAX_?AGE|_SECONDS)?$/ },
  { slug: "csp", name: /(?:^|_)(?:CSP|CONTENT_SECURITY_POLICY)(?:_ENABLED?)?$/ },
  { slug: "csrf", name: /(?:^|_)CSRF(?:_PROTECTION)?(?:_ENABLED?)?$/ },
  {
    slug: "cors.allow_origins",
    name: /CORS_(?:ALLOWED_|ALLOW_)?ORIGINS?$|ALLOWED_ORIGINS?$|ALLOW_ORIGINS?$/,
  },
  {
    slug: "ratelimit.app",
    name: /(?:^|_)RATE_?LIMIT(?:ER|ING|S)?(?:_ENABLED?|_MAX|_REQUESTS|_POINTS)?$|(?:ENABLE|DISABLE)_RATE_?LIMIT/,
  },
  { slug: "sentry.dsn", name: /SENTRY_DSN$/ },
  { slug: "sentry.environment", name: /SENTRY_ENV(?:IRONMENT)?$/ },
  { slug: "sentry.release", name: /SENTRY_RELEASE$/ },
  { slug: "sentry.traces_rate", name: /SENTRY_TRACES?_(?:SAMPLE_)?RATE$/ },
  { slug: "logging.level", name: /LOG(?:GING)?_?LEVEL$/ },
  { slug: "env.mode", name: /^NODE_ENV$/ },
  { slug: "debug", name: /^(?:APP_)?DEBUG$/ },
];

/** Of what the program connects to: its own keys and certificates go by other names. */
const REMOTE =
  /(?:^|_)(?:DB|DATABASE|POSTGRES|PG|MYSQL|MONGO|REDIS|SMTP|E?MAIL|AWS|S3|MINIO|GCS|AZURE|LDAP|OAUTH\d?|OIDC|SAML|WEBHOOK|STRIPE|GITHUB|GITLAB|GOOGLE|SLACK|IMGUR|RECAPTCHA|HCAPTCHA|TURNSTILE)_/;

/** Names among which those stand: text without any of them declares none. */
export const VARIABLE_NEEDLE =
  /HTTPS|SSL|TLS|PROX|COOKIE|SESSION|JWT|SECRET|APP_KEY|ALLOWED|UNSAFE|HSTS|CSP|CSRF|ORIGIN|LIMIT|SENTRY|LOG|NODE_ENV|DEBUG/;

/** `koa.trust_proxy` for `TRUST_PROXY`; `undefined` for what nobody asks about, and for what only the browser has. */
export function variableSlug(framework: string, variable: string): string | undefined {
  if (/^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC)_/.test(variable) || REMOTE.test(variable))
    return undefined;
  const found = VARIABLES.find(({ name }) => name.test(variable));
  if (found === undefined) return undefined;
  const { slug = found.name.exec(variable)?.[0].toLowerCase() ?? "" } = found;
  return slug.includes(".") ? slug : `${framework}.${slug}`;
}
