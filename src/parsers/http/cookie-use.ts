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
/** English words that hold "sess" and mean something else. */
const OTHER_WORDS = /assess|possess|obsess/g;
/** `sess`, `phpsessid`, `usersession`; not "businessessentials". */
const SESSION_WORD = /session|(?<!s)sess/;
/** `userlogin`, `loginid`; not `bloginfo` and `loginfo`. */
const LOGIN_WORD = /login(?:s|id|key|token|user|name|session|cookie|data|hash)?$/;
/** Words that mean whoever shows the cookie is let in, alone or before `token`. */
const CREDENTIAL_WORDS: ReadonlySet<string> = new Set(["sid", "auth", "jwt"]);
const TOKEN_OWNERS = /^(?:access|refresh|id|auth|session)$/;
const JOINED_TOKEN = /^(?:access|refresh|id|auth|session)token$/;
/** A load balancer's mark, a clock or a hint beside the session: who has it is nobody. */
const BESIDE_SESSION =
  /^(?:last|state|nonce|count|counter|attempts?|failed)$|^last(?:login|sess)|(?:affinity|sticky|stickiness|timeout|expir(?:y|es?|ed|ation)|hint|redirect)$|(?:sess(?:ion)?|login)(?:state|nonce|count)$/;

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
  const words = wordsOf(bare);
  if (words.some((word) => BESIDE_SESSION.test(word))) return undefined;
  const word = words.find((each, at) => meansSession(each, words[at + 1])) ?? loneToken(words);
  return word === undefined
    ? undefined
    : { use: "session", because: `its name holds "${word.slice(0, WORD_CHARACTERS_MAX)}"` };
}

/** Of a word quoted. */
const WORD_CHARACTERS_MAX = 40;

/** The words of a name in lower case: cut at everything but letters, and where capitals begin one. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

function meansSession(word: string, next: string | undefined): boolean {
  if (CREDENTIAL_WORDS.has(word) || JOINED_TOKEN.test(word)) return true;
  if (next === "token" && TOKEN_OWNERS.test(word)) return true;
  if (word === "logged" && next === "in") return true;
  return SESSION_WORD.test(word.replace(OTHER_WORDS, "")) || LOGIN_WORD.test(word);
}

/** `token` says who somebody is only where nothing says what it is a token of. */
function loneToken(words: readonly string[]): string | undefined {
  return words.length === 1 && words[0] === "token" ? "token" : undefined;
}
