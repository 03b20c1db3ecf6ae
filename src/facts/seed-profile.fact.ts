import { defineFact, type Target } from "../core/fact.ts";
import { known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { type Application, application } from "./application.fact.ts";
import { type Environment, effectiveVariable, environment } from "./environment.fact.ts";

/** Whether the deployment is of the kind `check_security.sh` was made for (catalog, `when` of env.secret-key). */
export interface SeedProfile {
  readonly applies: boolean;
  /** What decided: `manage.py`, `DJANGO_DEBUG (.env:2)`, `no sign of a Django deployment`. */
  readonly because: string;
  readonly sign: SeedSign;
}

/**
 * Which kind of sign decided. `secret-key`: nothing but a key named SECRET_KEY, which other
 * frameworks have as well. `drop-in`: no sign, but started as `check-security`.
 */
export type SeedSign =
  | "application"
  | "django-key"
  | "seed-key"
  | "secret-key"
  | "drop-in"
  | "none";

/** Keys that only a node of the seed's fleet has (seed 1, modes and checks 6 to 10). */
const SEED_KEYS: ReadonlySet<string> = new Set([
  "HUB_URL",
  "CLUSTER_ENABLED",
  "HUB_API_KEY",
  "API_KEY_AUTH_ENABLED",
]);

function isSeedKey(key: string): boolean {
  return SEED_KEYS.has(key) || key.startsWith("WEBHOOK_SECRET_");
}

export const seedProfile = defineFact({
  id: "seed-profile",
  title: "Profile of the seed",
  access: "read",
  timeoutMs: 1_000,
  wants: { application, environment },
  async collect({ target }, _facts, readings): Promise<Reading<SeedProfile>> {
    return profileOf(readings.application, readings.environment, target);
  },
});

/** Unknown where no sign was seen and a place where one may stand could not be read (catalog G7). */
export function profileOf(
  app: Reading<Application>,
  env: Reading<Environment>,
  { compat }: Pick<Target, "compat">,
): Reading<SeedProfile> {
  const sign = applicationSign(knownValue(app)) ?? environmentSign(knownValue(env));
  if (sign !== undefined) return known({ applies: true, ...sign });

  const isOther = isOtherApplication(knownValue(app));
  if (compat && !isOther && app.state !== "unknown") {
    const because = "started as check-security, and no other application was found";
    return known({ applies: true, because, sign: "drop-in" });
  }
  if (app.state === "unknown") return unknown(app.problem.code, app.problem.detail);
  if (env.state === "unknown") return unknown(env.problem.code, env.problem.detail);
  const unread = hiddenSource(knownValue(app));
  if (unread !== undefined) {
    const where = unread.file === "." ? "the directory" : unread.file;
    const detail = `The application may be in ${where}, which cannot be read: ${unread.detail}`;
    return unknown(unread.code ?? "malformed", detail);
  }
  const [hidden] = knownValue(env)?.unreadable ?? [];
  if (hidden !== undefined) {
    const detail = `${hidden.file} may name a key of Django, yet cannot be read: ${hidden.problem.detail}`;
    return unknown(hidden.problem.code, detail);
  }
  return known({ applies: false, because: "no sign of a Django deployment", sign: "none" });
}

type Sign = Pick<SeedProfile, "because" | "sign">;

function applicationSign(app: Application | undefined): Sign | undefined {
  if (app === undefined) return undefined;
  const django = app.frameworks.find(({ framework }) => framework === "django");
  if (django !== undefined) {
    return { sign: "application", because: `${django.sign} (${django.file}:${django.line})` };
  }
  if (app.hasManagePy) return { sign: "application", because: "manage.py" };
  if (app.settings === undefined) return undefined;
  return { sign: "application", because: `settings module ${app.settings.module}` };
}

function environmentSign(env: Environment | undefined): Sign | undefined {
  if (env === undefined) return undefined;
  const keys = Object.keys(env.variables);
  const signs: readonly [sign: SeedSign, is: (key: string) => boolean][] = [
    ["django-key", (key) => key.startsWith("DJANGO_")],
    ["seed-key", isSeedKey],
    ["secret-key", (key) => key === "SECRET_KEY"],
  ];
  for (const [sign, is] of signs) {
    const key = keys.find(is);
    const variable = key === undefined ? undefined : effectiveVariable(env, key);
    if (variable === undefined) continue;
    const { file, line } = variable;
    return { sign, because: `${variable.key} (${line === undefined ? file : `${file}:${line}`})` };
  }
  return undefined;
}

function isOtherApplication(app: Application | undefined): boolean {
  return app !== undefined && (app.frameworks.length > 0 || app.isStaticSite);
}

/** Where no framework was found: source that could not be read, or a directory not listed, may hold it. */
function hiddenSource(app: Application | undefined): Application["problems"][number] | undefined {
  if (app === undefined || app.frameworks.length > 0) return undefined;
  return app.problems.find(
    ({ file, code }) => file.endsWith(".py") || code === "denied" || file === ".",
  );
}
