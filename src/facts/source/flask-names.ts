import { boolean, none, number, type Value } from "../../parsers/python/value.ts";
import type { SourceProperty } from "../source-settings.fact.ts";

/** How a key of Flask's `config` is told. */
export interface FlaskName {
  readonly slug: string;
  readonly property?: SourceProperty;
  /** Flask's own (Flask 3.1, `app.py`), the same since 1.0; told where nothing sets the key. */
  readonly default?: Value;
}

/** 31 days. */
const LIFETIME_DEFAULT_SECONDS = 2_678_400;

export const FLASK_NAMES: Readonly<Record<string, FlaskName>> = {
  SECRET_KEY: { slug: "flask.secret_key", property: "session.secret" },
  SECRET_KEY_FALLBACKS: { slug: "flask.secret_key_fallbacks" },
  DEBUG: { slug: "flask.debug" },
  TESTING: { slug: "flask.testing" },
  SESSION_COOKIE_SECURE: {
    slug: "flask.session_cookie_secure",
    property: "session.cookie-secure",
    default: boolean(false),
  },
  SESSION_COOKIE_HTTPONLY: {
    slug: "flask.session_cookie_httponly",
    property: "session.cookie-httponly",
    default: boolean(true),
  },
  SESSION_COOKIE_SAMESITE: {
    slug: "flask.session_cookie_samesite",
    property: "session.cookie-samesite",
    default: none(),
  },
  PERMANENT_SESSION_LIFETIME: {
    slug: "flask.permanent_session_lifetime",
    property: "session.lifetime-seconds",
    default: number(LIFETIME_DEFAULT_SECONDS),
  },
  SESSION_COOKIE_NAME: { slug: "flask.session_cookie_name" },
  SESSION_COOKIE_DOMAIN: { slug: "flask.session_cookie_domain" },
  REMEMBER_COOKIE_SECURE: { slug: "flask.remember_cookie_secure", property: "cookie.secure" },
  REMEMBER_COOKIE_HTTPONLY: {
    slug: "flask.remember_cookie_httponly",
    property: "cookie.httponly",
  },
  REMEMBER_COOKIE_SAMESITE: {
    slug: "flask.remember_cookie_samesite",
    property: "cookie.samesite",
  },
  REMEMBER_COOKIE_DURATION: { slug: "flask.remember_cookie_duration" },
  MAX_CONTENT_LENGTH: { slug: "flask.max_content_length", property: "body.limit-bytes" },
  PREFERRED_URL_SCHEME: { slug: "flask.preferred_url_scheme" },
  SERVER_NAME: { slug: "flask.server_name" },
  RATELIMIT_ENABLED: { slug: "ratelimit.app" },
  TRUSTED_HOSTS: { slug: "flask.trusted_hosts", property: "hosts.allowed" },
  WTF_CSRF_ENABLED: { slug: "flask.csrf" },
  WTF_CSRF_CHECK_DEFAULT: { slug: "flask.csrf_check_default" },
  WTF_CSRF_SSL_STRICT: { slug: "flask.csrf_ssl_strict" },
  WTF_CSRF_TIME_LIMIT: { slug: "flask.csrf_time_limit" },
  CSRF_COOKIE_SECURE: { slug: "flask.csrf_cookie_secure", property: "csrf.cookie-secure" },
  CSRF_COOKIE_HTTPONLY: { slug: "flask.csrf_cookie_httponly", property: "csrf.cookie-httponly" },
  CSRF_COOKIE_SAMESITE: { slug: "flask.csrf_cookie_samesite", property: "csrf.cookie-samesite" },
};

/** Names of projects' own settings, by what they are commonly called. */
const OWN: readonly (readonly [pattern: RegExp, slug: string])[] = [
  [
    /^(?:ENFORCE|FORCE|REQUIRE|REDIRECT_TO)_(?:HTTPS|SSL|TLS)$|^(?:HTTPS|SSL)_(?:REDIRECT|ONLY)$/,
    "flask.enforce_https",
  ],
  [/^HSTS(?:_ENABLED)?$|^(?:ENABLE_HSTS|STRICT_TRANSPORT_SECURITY)$/, "flask.hsts"],
  [/^(?:HSTS|STRICT_TRANSPORT_SECURITY)_(?:MAX_AGE|SECONDS)$/, "flask.hsts_seconds"],
  [/^(?:HSTS|STRICT_TRANSPORT_SECURITY)_INCLUDE_SUBDOMAINS$/, "flask.hsts_include_subdomains"],
  [/^(?:HSTS|STRICT_TRANSPORT_SECURITY)_PRELOAD$/, "flask.hsts_preload"],
  [/^(?:X_)?FRAME_OPTIONS$/, "flask.frame_options"],
  [/^(?:CONTENT_SECURITY_POLICY|CSP(?:_POLICY)?)$/, "flask.csp"],
  [/^REFERRER_POLICY$/, "flask.referrer_policy"],
  [/^(?:ENFORCE_CSRF|ENABLE_CSRF|CSRF_(?:ENABLED|PROTECT(?:ION)?|CHECK))$/, "flask.csrf"],
  [/^COOKIES?_SECURE$/, "flask.cookies_secure"],
  [/^TALISMAN_ENABLED$/, "flask.talisman"],
  [/^TRUSTED_PROX(?:Y|IES)(?:_IPS)?$/, "proxy.trusted"],
  [/^(?:ENABLE_PROXY_FIX|PROXY_FIX_CONFIG|PROXIES_COUNT|REVERSE_PROXY)$/, "flask.proxies"],
  [
    /^(?:CORS_(?:ALLOW(?:ED)?_)?ORIGINS?|ACCESS_CONTROL_ALLOW_ORIGINS?|ALLOWED_ORIGINS|ENABLE_CORS)$/,
    "cors.allow_origins",
  ],
  [
    /^(?:CORS_SUPPORTS_CREDENTIALS|(?:CORS|ACCESS_CONTROL)_ALLOW_CREDENTIALS)$/,
    "cors.allow_credentials",
  ],
  [
    /(?:LOGIN|SIGNIN|AUTH)\w*_(?:RATE_?LIMIT|THROTTLE|LIMIT)|(?:RATE_?LIMIT|THROTTLE)\w*_(?:LOGIN|SIGNIN|AUTH)/,
    "ratelimit.login",
  ],
  [/^RATE_?LIMIT(?:ING|S)?(?:_ENABLED|_DEFAULT)?$|^ENABLE_RATE_?LIMIT(?:ING)?$/, "ratelimit.app"],
];

/** Keys of the project's own that sign or encrypt: `DATASOURCE_SECRET_KEY` is `flask.datasource_key`. */
const OWN_KEY = /^([A-Z][A-Z0-9_]*?)_(?:SECRET|ENCRYPTION|SIGNING)_KEY$/;

/** How a setting is told whatever reads it; `undefined` for names that say nothing about security. */
export function ownFlaskSlug(name: string): string | undefined {
  const key = OWN_KEY.exec(name)?.[1];
  if (key !== undefined) return `flask.${key.toLowerCase()}_key`;
  return OWN.find(([pattern]) => pattern.test(name))?.[1];
}
