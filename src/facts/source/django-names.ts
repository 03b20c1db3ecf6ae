import type { SourceProperty } from "../source-settings.fact.ts";

/** How a setting of Django is told: its name in the report's vocabulary, and the property it decides. */
export interface DjangoName {
  readonly slug: string;
  readonly property?: SourceProperty;
  /** Without this middleware the setting has no effect. */
  readonly needs?: keyof typeof MIDDLEWARE;
}

/** Middleware whose presence is told, by its dotted path. */
export const MIDDLEWARE = {
  security: "django.middleware.security.SecurityMiddleware",
  csrf: "django.middleware.csrf.CsrfViewMiddleware",
  xframe: "django.middleware.clickjacking.XFrameOptionsMiddleware",
} as const;

export const DJANGO_NAMES: Readonly<Record<string, DjangoName>> = {
  DEBUG: { slug: "django.debug" },
  SECRET_KEY: { slug: "django.secret_key" },
  SECRET_KEY_FALLBACKS: { slug: "django.secret_key_fallbacks" },
  ALLOWED_HOSTS: { slug: "django.allowed_hosts", property: "hosts.allowed" },
  SESSION_COOKIE_SECURE: {
    slug: "django.session_cookie_secure",
    property: "session.cookie-secure",
  },
  SESSION_COOKIE_HTTPONLY: {
    slug: "django.session_cookie_httponly",
    property: "session.cookie-httponly",
  },
  SESSION_COOKIE_SAMESITE: {
    slug: "django.session_cookie_samesite",
    property: "session.cookie-samesite",
  },
  SESSION_COOKIE_AGE: { slug: "django.session_cookie_age", property: "session.lifetime-seconds" },
  SESSION_SERIALIZER: { slug: "django.session_serializer" },
  SESSION_EXPIRE_AT_BROWSER_CLOSE: { slug: "django.session_expire_at_browser_close" },
  CSRF_COOKIE_SECURE: { slug: "django.csrf_cookie_secure", property: "csrf.cookie-secure" },
  CSRF_COOKIE_HTTPONLY: { slug: "django.csrf_cookie_httponly", property: "csrf.cookie-httponly" },
  CSRF_COOKIE_SAMESITE: { slug: "django.csrf_cookie_samesite", property: "csrf.cookie-samesite" },
  CSRF_TRUSTED_ORIGINS: { slug: "django.csrf_trusted_origins" },
  CSRF_USE_SESSIONS: { slug: "django.csrf_use_sessions" },
  SECURE_HSTS_SECONDS: {
    slug: "django.hsts_seconds",
    property: "hsts.max-age-seconds",
    needs: "security",
  },
  SECURE_HSTS_INCLUDE_SUBDOMAINS: {
    slug: "django.hsts_include_subdomains",
    property: "hsts.include-subdomains",
    needs: "security",
  },
  SECURE_HSTS_PRELOAD: {
    slug: "django.hsts_preload",
    property: "hsts.preload",
    needs: "security",
  },
  SECURE_SSL_REDIRECT: {
    slug: "django.ssl_redirect",
    property: "redirect.https",
    needs: "security",
  },
  SECURE_PROXY_SSL_HEADER: { slug: "django.proxy_ssl_header", property: "proxy.ssl-header" },
  SECURE_CONTENT_TYPE_NOSNIFF: { slug: "django.nosniff" },
  SECURE_REFERRER_POLICY: { slug: "django.referrer_policy" },
  SECURE_CROSS_ORIGIN_OPENER_POLICY: { slug: "django.coop" },
  X_FRAME_OPTIONS: { slug: "django.xfo" },
  USE_X_FORWARDED_HOST: { slug: "django.use_x_forwarded_host" },
  USE_X_FORWARDED_PORT: { slug: "django.use_x_forwarded_port" },
  CORS_ALLOW_ALL_ORIGINS: { slug: "cors.allow_all", property: "cors.origins" },
  CORS_ORIGIN_ALLOW_ALL: { slug: "cors.allow_all", property: "cors.origins" },
  CORS_ALLOWED_ORIGINS: { slug: "cors.allow_origins", property: "cors.origins" },
  CORS_ORIGIN_WHITELIST: { slug: "cors.allow_origins", property: "cors.origins" },
  CORS_ALLOWED_ORIGIN_REGEXES: { slug: "cors.allow_origin_regexes" },
  CORS_ORIGIN_REGEX_WHITELIST: { slug: "cors.allow_origin_regexes" },
  CORS_ALLOW_CREDENTIALS: { slug: "cors.allow_credentials", property: "cors.credentials" },
  CORS_URLS_REGEX: { slug: "cors.urls_regex" },
  PASSWORD_HASHERS: { slug: "password.hashers" },
  AUTH_PASSWORD_VALIDATORS: { slug: "password.validators" },
};

/** Settings of packages and of projects' own, by what they are commonly called. */
const OWN: readonly (readonly [pattern: RegExp, slug: string])[] = [
  // django-axes, django-defender: attempts to log in.
  [/^(?:AXES_(?:ENABLED|FAILURE_LIMIT)|DEFENDER_LOGIN_FAILURE_LIMIT)$/, "ratelimit.login"],
  // What counts as the client's address behind proxies: django-allauth, django-axes, django-ipware, REST framework.
  [
    /^(?:ALLAUTH_TRUSTED_(?:PROXY_COUNT|CLIENT_IP_HEADER)|AXES_(?:IPWARE_)?(?:PROXY_COUNT|META_PRECEDENCE_ORDER)|IPWARE_(?:META_PRECEDENCE_ORDER|TRUSTED_PROXY_LIST)|NUM_PROXIES|RATELIMIT_IP_META_KEY|TRUSTED_PROXIES)$/,
    "ratelimit.proxy_key",
  ],
  [/^(?:LOGIN|SIGNIN|AUTH)_(?:[A-Z]+_)?(?:RATE_?LIMIT|THROTTLE|RATE)$/, "ratelimit.login"],
  [/^(?:ACCOUNT_RATE_LIMITS|ACCOUNT_LOGIN_ATTEMPTS_LIMIT)$/, "ratelimit.login"],
  [/^(?:RATE_?LIMIT(?:ING)?_(?:ENABLED?)|ENABLE_RATE_?LIMIT(?:ING)?)$/, "ratelimit.app"],
  [/(?:^|_)(?:RATE_?LIMIT(?:ER|ING|S)?|THROTTLE)(?:_|$)/, "ratelimit.app"],
  [/^API_?KEY_AUTH(?:ENTICATION)?_(?:ENABLED|REQUIRED)$/, "auth.api_key_enabled"],
  [/^(?:[A-Z]+_)?AUTO_?LOGIN(?:_(?:USER|USERNAME|ENABLED))?$/, "auth.auto_login"],
  [/^LOGIN_REQUIRED$/, "auth.login_required"],
  [/^(?:DJANGO_|ROOT_|APP_)?LOG_?LEVEL$/, "logging.level"],
  [/^(?:SHELL|LOCAL_SHELL|EXEC|COMMANDS?)_ENABLED$/, "shell.integration"],
];

/** They limit attempts to log in by their value alone. */
const LOGIN_LIMITS: ReadonlySet<string> = new Set([
  ...["ACCOUNT_RATE_LIMITS", "ACCOUNT_LOGIN_ATTEMPTS_LIMIT"],
  ...["AXES_FAILURE_LIMIT", "DEFENDER_LOGIN_FAILURE_LIMIT"],
]);

/** Settings of projects' own that let a header say who the user is. */
const REMOTE_USER =
  /(?:^|_)(?:REMOTE_USER(?:_(?:API|AUTH|ENABLED|HEADER(?:_NAME)?))?|REMOTE_AUTH(?:_(?:ENABLED|HEADER))?|AUTH_PROXY|PROXY_AUTH)$/;

export function djangoName(name: string): DjangoName | undefined {
  if (Object.hasOwn(DJANGO_NAMES, name)) return DJANGO_NAMES[name];
  if (REMOTE_USER.test(name)) return { slug: "auth.remote_user" };
  const slug = OWN.find(([pattern]) => pattern.test(name))?.[1];
  if (slug === undefined) return undefined;
  return LOGIN_LIMITS.has(name) ? { slug, property: "ratelimit.login" } : { slug };
}

/** Defaults that changed, newest first: up to and without a version another value holds (release notes of Django). */
export const OLD_DEFAULTS: readonly {
  readonly before: readonly [major: number, minor: number];
  readonly values: Readonly<Record<string, unknown>>;
}[] = [
  { before: [4, 0], values: { SECURE_CROSS_ORIGIN_OPENER_POLICY: null } },
  { before: [3, 1], values: { SECURE_REFERRER_POLICY: null } },
  { before: [3, 0], values: { SECURE_CONTENT_TYPE_NOSNIFF: false, X_FRAME_OPTIONS: "SAMEORIGIN" } },
];
