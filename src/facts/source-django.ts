import { NO_ORIGIN, type Scope, type Value } from "../parsers/python/value.ts";
import type { AppSetting } from "./app-settings.fact.ts";
import { djangoRun } from "./django-run.ts";
import type { PythonProject } from "./python-project.ts";
import type { SourceProblem } from "./source-files.ts";
import { type SettingContext, settingOf } from "./source-setting.ts";

/** Settings that checks judge, with Django's own default (Django 5.2, `conf/global_settings.py`). */
export const DJANGO_DEFAULTS: Readonly<Record<string, unknown>> = {
  DEBUG: false,
  ALLOWED_HOSTS: [],
  SESSION_COOKIE_SECURE: false,
  SESSION_COOKIE_HTTPONLY: true,
  SESSION_COOKIE_SAMESITE: "Lax",
  SESSION_COOKIE_AGE: 1_209_600,
  CSRF_COOKIE_SECURE: false,
  CSRF_COOKIE_HTTPONLY: false,
  CSRF_COOKIE_SAMESITE: "Lax",
  SECURE_HSTS_SECONDS: 0,
  SECURE_HSTS_INCLUDE_SUBDOMAINS: false,
  SECURE_HSTS_PRELOAD: false,
  SECURE_SSL_REDIRECT: false,
  SECURE_PROXY_SSL_HEADER: null,
  SECURE_CONTENT_TYPE_NOSNIFF: true,
  SECURE_REFERRER_POLICY: "same-origin",
  SECURE_CROSS_ORIGIN_OPENER_POLICY: "same-origin",
  USE_X_FORWARDED_HOST: false,
  X_FRAME_OPTIONS: "DENY",
};

const NAMED: ReadonlySet<string> = new Set([
  ...Object.keys(DJANGO_DEFAULTS),
  "SECRET_KEY",
  "SECRET_KEY_FALLBACKS",
  "MIDDLEWARE",
  "API_KEY_AUTH_ENABLED",
  "RATE_LIMIT_ENABLED",
  "CSRF_TRUSTED_ORIGINS",
  "CSRF_USE_SESSIONS",
  "SESSION_EXPIRE_AT_BROWSER_CLOSE",
  "SESSION_SERIALIZER",
  "CORS_ALLOW_ALL_ORIGINS",
  "CORS_ORIGIN_ALLOW_ALL",
  "CORS_ALLOW_CREDENTIALS",
  "CORS_ALLOWED_ORIGINS",
  "CORS_ALLOWED_ORIGIN_REGEXES",
  "INSTANCE_ID",
]);

function isReported(name: string): boolean {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return false;
  return (
    NAMED.has(name) ||
    /(?:^|_)(?:CLUSTER|HUB)(?:_|$)/.test(name) ||
    /^(?:SESSION_COOKIE|CSRF_COOKIE|SECURE)_/.test(name)
  );
}

/** The settings of a Django project under the effective environment, and what could not be told. */
export async function djangoSettings(
  context: SettingContext,
  python: PythonProject,
  file: string,
): Promise<{ settings: readonly AppSetting[]; problems: readonly SourceProblem[] }> {
  const { machine, scope, unset } = await djangoRun(context.environment, python, file);
  if (scope === undefined)
    return { settings: [], problems: [{ file, detail: "the settings could not be read" }] };
  const present = [...scope.bindings]
    .filter(([name]) => isReported(name))
    .map(([name, { value, ...place }]) =>
      settingOf(context, {
        name,
        value,
        fallback: unset?.bindings.get(name)?.value,
        ...shownPlace(place, file),
      }),
    );
  const open = machine.openImports.map(({ path, ...place }) => ({
    ...place,
    detail: `what ${path} sets is not known`,
  }));
  const problems = [...machine.problems, ...open, ...fragmentProblem(file, scope)];
  return { settings: [...absentSettings(scope, file, problems), ...present], problems };
}

/** Files that settings read in, by what they are usually called (NetBox's `configuration.py`). */
const FRAGMENT = /(?:^|\/)(?:config|configuration|conf)\.py$/;

/**
 * A file of settings without URLs, applications and middleware is read in by a settings module that is elsewhere,
 * in the image: what it does not set, that one may.
 */
export function fragmentProblem(
  file: string,
  { bindings }: Pick<Scope, "bindings">,
): readonly SourceProblem[] {
  const isWhole = ["ROOT_URLCONF", "INSTALLED_APPS", "MIDDLEWARE"].some((name) =>
    bindings.has(name),
  );
  if (isWhole || !FRAGMENT.test(file)) return [];
  return [{ file, detail: `the settings module that reads ${file} in is not among the files` }];
}

/** Names that a caller's arguments brought in have no place of their own. */
function shownPlace(
  place: { readonly file: string; readonly line: number; readonly column: number },
  file: string,
): { file: string; line: number; column: number } {
  return place.line === 0 ? { file, line: 1, column: 1 } : place;
}

/** What nothing sets has Django's default, unless something unread may set it. */
function absentSettings(
  scope: Scope,
  file: string,
  problems: readonly SourceProblem[],
): readonly AppSetting[] {
  const [problem] = problems;
  return Object.entries(DJANGO_DEFAULTS)
    .filter(([name]) => !scope.bindings.has(name))
    .map(
      ([name, value]): AppSetting => ({
        name,
        file,
        line: 1,
        column: 1,
        kind: "absent",
        variables: [],
        resolved:
          problem === undefined
            ? { state: "known", value, from: "default" }
            : { state: "unknown", reason: problem.detail },
        chain: `${name} is not set, Django's default is ${JSON.stringify(value)} <- ${file}`,
      }),
    );
}

/** A setting's value as other files of the project see it. */
export function settingValues(scope: Scope | undefined): (name: string) => Value | undefined {
  return (name) =>
    scope?.bindings.get(name)?.value ??
    (Object.hasOwn(DJANGO_DEFAULTS, name) && DJANGO_DEFAULTS[name] === false
      ? { kind: "boolean", value: false, origin: NO_ORIGIN }
      : undefined);
}
