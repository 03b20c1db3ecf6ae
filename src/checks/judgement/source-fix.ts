import type { Framework } from "../../facts/application.fact.ts";
import type { SourceSetting } from "../../facts/source-settings.fact.ts";
import { sourcePlace } from "./sourced.ts";

export type CookieSetting = "secure" | "httponly" | "samesite" | "lifetime";

type Words = Readonly<Record<CookieSetting, string>>;

const SESSION_WORDS = {
  django: {
    secure: "SESSION_COOKIE_SECURE = True",
    httponly: "SESSION_COOKIE_HTTPONLY = True",
    samesite: 'SESSION_COOKIE_SAMESITE = "Strict"',
    lifetime: "SESSION_COOKIE_AGE = 86400",
  },
  starlette: {
    secure: "https_only=True",
    httponly: "httponly=True",
    samesite: 'same_site="strict"',
    lifetime: "max_age=86400",
  },
  flask: {
    secure: 'app.config["SESSION_COOKIE_SECURE"] = True',
    httponly: 'app.config["SESSION_COOKIE_HTTPONLY"] = True',
    samesite: 'app.config["SESSION_COOKIE_SAMESITE"] = "Strict"',
    lifetime: 'app.config["PERMANENT_SESSION_LIFETIME"] = 86400',
  },
  express: {
    secure: "cookie: { secure: true }",
    httponly: "cookie: { httpOnly: true }",
    samesite: 'cookie: { sameSite: "strict" }',
    lifetime: "cookie: { maxAge: 86400000 }",
  },
  script: {
    secure: "secure: true",
    httponly: "httpOnly: true",
    samesite: 'sameSite: "strict"',
    lifetime: "maxAge: 86400000",
  },
} as const satisfies Readonly<Record<string, Words>>;

/** Whose words each framework's settings are written in. */
const WORDS_OF: Readonly<Record<Framework, keyof typeof SESSION_WORDS>> = {
  django: "django",
  fastapi: "starlette",
  starlette: "starlette",
  flask: "flask",
  express: "express",
  koa: "script",
  fastify: "express",
  nextjs: "script",
};

/** Arguments of `set_cookie`, the same in Starlette, Werkzeug and Django. */
const ARGUMENTS: Words = {
  secure: "secure=True",
  httponly: "httponly=True",
  samesite: 'samesite="strict"',
  lifetime: "max_age=86400",
};

/** What to write where the row was found; a variable that decides is named as well. */
export function cookieRowFix(row: SourceSetting, what: CookieSetting): string {
  const written = wordsOf(row)[what];
  const place = `at ${sourcePlace(row)}`;
  const [variable] = row.variables;
  const where =
    row.slug.startsWith("fastapi.session") && row.kind === "absent"
      ? `Write ${written} among the arguments of SessionMiddleware in ${sourcePlace(row)}`
      : `Write ${written} ${place}`;
  return variable === undefined ? where : `${where}, or set ${variable} so that it has that effect`;
}

function wordsOf({ slug, framework, property }: SourceSetting): Words {
  const own = WORDS_OF[framework ?? "starlette"];
  if (slug.startsWith("cookie."))
    return own === "express" || own === "script" ? SESSION_WORDS.script : ARGUMENTS;
  const words = slug.startsWith("express.cookie_session")
    ? SESSION_WORDS.script
    : SESSION_WORDS[own];
  if (property?.startsWith("csrf.") !== true || framework !== "django") return words;
  return {
    ...words,
    secure: "CSRF_COOKIE_SECURE = True",
    samesite: 'CSRF_COOKIE_SAMESITE = "Strict"',
  };
}
