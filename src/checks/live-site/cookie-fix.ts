import type { Framework } from "../../parsers/http/cookie-use.ts";
import type { CookieGroup } from "./cookies.ts";

export type CookieAttributeFix = "secure" | "httponly" | "samesite" | "lifetime";

type Fixes = Readonly<Record<CookieAttributeFix, string>>;

/** Settings that set the attribute on a session cookie, by framework. */
const SESSION_FIXES: Readonly<Record<Exclude<Framework, "other">, Fixes>> = {
  django: {
    secure: "SESSION_COOKIE_SECURE = True in the settings",
    httponly: "SESSION_COOKIE_HTTPONLY = True in the settings",
    samesite: 'SESSION_COOKIE_SAMESITE = "Strict" in the settings',
    lifetime: "SESSION_COOKIE_AGE = 86400 in the settings",
  },
  "flask-or-starlette": {
    secure: "Starlette: SessionMiddleware(..., https_only=True); Flask: SESSION_COOKIE_SECURE=True",
    httponly: "Flask: SESSION_COOKIE_HTTPONLY=True (Starlette always sets HttpOnly)",
    samesite:
      'Starlette: SessionMiddleware(..., same_site="strict"); Flask: SESSION_COOKIE_SAMESITE="Strict"',
    lifetime:
      "Starlette: SessionMiddleware(..., max_age=86400); Flask: PERMANENT_SESSION_LIFETIME=86400",
  },
  express: {
    secure: 'session({ cookie: { secure: true } }) and app.set("trust proxy", 1) behind a proxy',
    httponly: "session({ cookie: { httpOnly: true } })",
    samesite: 'session({ cookie: { sameSite: "strict" } })',
    lifetime: "session({ cookie: { maxAge: 86400000 } })",
  },
  php: {
    secure: "session.cookie_secure = 1 in php.ini",
    httponly: "session.cookie_httponly = 1 in php.ini",
    samesite: "session.cookie_samesite = Strict in php.ini",
    lifetime: "session.cookie_lifetime = 86400 in php.ini",
  },
  java: {
    secure:
      "<session-config><cookie-config><secure>true</secure> in web.xml, or server.servlet.session.cookie.secure=true",
    httponly:
      "<session-config><cookie-config><http-only>true</http-only> in web.xml, or server.servlet.session.cookie.http-only=true",
    samesite:
      'server.servlet.session.cookie.same-site=strict, or Tomcat: <CookieProcessor sameSiteCookies="strict" />',
    lifetime: "server.servlet.session.cookie.max-age=86400",
  },
  aspnet: {
    secure: "options.Cookie.SecurePolicy = CookieSecurePolicy.Always",
    httponly: "options.Cookie.HttpOnly = true",
    samesite: "options.Cookie.SameSite = SameSiteMode.Strict",
    lifetime: "options.ExpireTimeSpan = TimeSpan.FromDays(1)",
  },
  laravel: {
    secure: "SESSION_SECURE_COOKIE=true in .env",
    httponly: "SESSION_HTTP_ONLY=true in .env",
    samesite: "SESSION_SAME_SITE=strict in .env",
    lifetime: "SESSION_LIFETIME=1440 (minutes) in .env",
  },
  rails: {
    secure: "config.session_store :cookie_store, secure: true, or config.force_ssl = true",
    httponly: "config.session_store :cookie_store, httponly: true",
    samesite: "config.session_store :cookie_store, same_site: :strict",
    lifetime: "config.session_store :cookie_store, expire_after: 1.day",
  },
};

const CSRF_FIXES: Partial<Readonly<Record<Framework, Partial<Fixes>>>> = {
  django: {
    secure: "CSRF_COOKIE_SECURE = True in the settings",
    samesite: 'CSRF_COOKIE_SAMESITE = "Strict" in the settings',
  },
  laravel: SESSION_FIXES.laravel,
  aspnet: SESSION_FIXES.aspnet,
};

const ATTRIBUTES: Fixes = {
  secure: "Secure",
  httponly: "HttpOnly",
  samesite: "SameSite=Strict",
  lifetime: "Max-Age=86400",
};
const NGINX_FLAGS: Partial<Fixes> = {
  secure: "secure",
  httponly: "httponly",
  samesite: "samesite=strict",
};

/** The framework's own setting where the name tells which, else the attribute; then nginx, which can add flags. */
export function cookieFix(group: CookieGroup, attribute: CookieAttributeFix): string {
  const own = settingOf(group, attribute);
  const first =
    own === undefined ? `Set the cookie ${group.name} with ${ATTRIBUTES[attribute]}` : `Set ${own}`;
  const flag = NGINX_FLAGS[attribute];
  const isPasteable = flag !== undefined && /^[\w.-]+$/.test(group.name);
  return isPasteable
    ? `${first}; or in nginx (1.19.3 on): proxy_cookie_flags ${group.name} ${flag};`
    : first;
}

function settingOf(
  { use, framework }: CookieGroup,
  attribute: CookieAttributeFix,
): string | undefined {
  if (framework === undefined) return undefined;
  if (use === "csrf") return CSRF_FIXES[framework]?.[attribute];
  return framework === "other" ? undefined : SESSION_FIXES[framework][attribute];
}
