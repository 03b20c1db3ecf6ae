/** What a cookie is for, told by its name alone: from outside there is nothing else to go by. */
export interface CookieUse {
  readonly use: "session" | "csrf";
  /** `the default name of Django`, `its name holds "sess"`. */
  readonly because: string;
  /** Where the name is the default of one. */
  readonly framework?: Framework;
}

export type Framework =
  | "django"
  | "flask-or-starlette"
  | "express"
  | "php"
  | "java"
  | "aspnet"
  | "laravel"
  | "rails"
  | "other";

interface KnownName {
  readonly name: RegExp;
  readonly use: CookieUse["use"];
  readonly framework: Framework;
  readonly by: string;
}

/** Default names of frameworks, from their documentation; a prefix (`__Host-`) is taken off before. */
const KNOWN_NAMES: readonly KnownName[] = [
  { name: /^csrftoken$/i, use: "csrf", framework: "django", by: "Django" },
  { name: /^xsrf-token$/i, use: "csrf", framework: "laravel", by: "Laravel and Angular" },
  { name: /^fastapi-csrf-token$/i, use: "csrf", framework: "other", by: "fastapi-csrf-protect" },
  {
    name: /^(?:\.aspnetcore\.antiforgery\..*|__requestverificationtoken.*)$/i,
    use: "csrf",
    framework: "aspnet",
    by: "ASP.NET",
  },
  { name: /^sessionid$/i, use: "session", framework: "django", by: "Django" },
  {
    name: /^session$/i,
    use: "session",
    framework: "flask-or-starlette",
    by: "Flask and Starlette",
  },
  { name: /^connect\.sid$/i, use: "session", framework: "express", by: "express-session" },
  { name: /^phpsessid$/i, use: "session", framework: "php", by: "PHP" },
  { name: /^jsessionid(?:sso)?$/i, use: "session", framework: "java", by: "Java servlets" },
  {
    name: /^(?:asp\.net_sessionid|\.aspxauth|\.aspnetcore\.(?:session|cookies|identity\..+))$/i,
    use: "session",
    framework: "aspnet",
    by: "ASP.NET",
  },
  { name: /^laravel[_-]session$/i, use: "session", framework: "laravel", by: "Laravel" },
  { name: /^remember_web_/i, use: "session", framework: "laravel", by: "Laravel" },
  { name: /^_[a-z0-9_]+_session$/i, use: "session", framework: "rails", by: "Rails" },
  { name: /^remember_user_token$/i, use: "session", framework: "rails", by: "Devise" },
  { name: /^remember_token$/i, use: "session", framework: "other", by: "Flask-Login" },
  { name: /^fastapiusersauth$/i, use: "session", framework: "other", by: "FastAPI Users" },
  { name: /^wordpress_(?:logged_in|sec)_/i, use: "session", framework: "php", by: "WordPress" },
  { name: /^s?sess[0-9a-f]{32}$/i, use: "session", framework: "php", by: "Drupal" },
  { name: /^_oauth2_proxy(?:_\d+)?$/i, use: "session", framework: "other", by: "oauth2-proxy" },
  { name: /^keycloak_identity$/i, use: "session", framework: "java", by: "Keycloak" },
];

const CSRF_WORD = /csrf|xsrf|antiforgery|authenticity[_-]?token/i;
/** MDN Observatory's rule; longer words that hold these letters and mean something else are taken off before. */
const SESSION_WORD = /sess|login|logged[_-]?in/i;
const OTHER_WORDS = /assess|possess|obsess/gi;
/** Whole words of a name that mean whoever shows the cookie is let in. */
const CREDENTIAL_WORD =
  /(?:^|[^a-z])(?:sid|auth|jwt|(?:access|refresh|id|auth|session)[_-]?token)(?:[^a-z]|$)|^token$/i;
/** A load balancer's mark, a clock or a hint beside the session: who has it is nobody. */
const BESIDE_SESSION =
  /affinity|sticky|timeout|expir|hint|last|redirect|(?:^|[^a-z])(?:state|nonce)(?:[^a-z]|$)/i;

/** Nothing where the name tells of neither. `name` as sent. */
export function cookieUse(name: string): CookieUse | undefined {
  const bare = name.replace(/^__(?:host-http|host|http|secure)-/i, "");
  const known = KNOWN_NAMES.find((each) => each.name.test(bare));
  if (known !== undefined) {
    const { use, framework, by } = known;
    return { use, framework, because: `the default name of ${by}` };
  }
  const csrf = CSRF_WORD.exec(bare);
  if (csrf !== null) return { use: "csrf", because: `its name holds "${csrf[0]}"` };
  if (BESIDE_SESSION.test(bare)) return undefined;
  const word = SESSION_WORD.exec(bare.replace(OTHER_WORDS, "")) ?? CREDENTIAL_WORD.exec(bare);
  if (word === null) return undefined;
  const shown = word[0].replace(/^[^a-z]|[^a-z]$/gi, "");
  return { use: "session", because: `its name holds "${shown}"` };
}
