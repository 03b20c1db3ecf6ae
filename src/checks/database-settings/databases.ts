import { cannotTell, type Evidence, notApplicable, type Outcome } from "../../core/check.ts";
import { knownValue, type Reading } from "../../core/reading.ts";
import { describeSecret } from "../../core/secret.ts";
import type { Database } from "../../facts/databases.fact.ts";
import { type Environment, effectiveVariable } from "../../facts/environment.fact.ts";
import type { Services } from "../../facts/services.fact.ts";
import { thenRestart, whereToSet } from "../judgement/remedy.ts";

/** `DATABASE_URL: postgresql://localhost/agentos, user given, password set, 4 chars, fp:1a2b3c4d`. */
export function databaseEvidence(database: Database): Evidence {
  const { key, file, line, engine, shown, user, password, tlsMode } = database;
  const words = [
    shown,
    ...(engine === "sqlite" ? [] : [user === "" ? "no user" : "user given"]),
    ...(password === undefined ? [] : [`password ${describeSecret(password)}`]),
    ...(tlsMode === undefined ? [] : [`sslmode ${tlsMode}`]),
  ];
  return {
    file,
    ...(line === undefined ? {} : { line }),
    excerpt: `${key}: ${words.join(", ")}`,
  };
}

/** The answer where no database of the wanted kind is named. */
export function withoutDatabase(environment: Environment, what: string): Outcome {
  const [hidden] = environment.unreadable;
  if (hidden === undefined) return notApplicable(`The environment names no ${what}`);
  const { code, detail } = hidden.problem;
  return cannotTell(code, `${hidden.file}, which may name one, cannot be read: ${detail}`);
}

/** `Set AGENTOS_DB_PATH=/var/lib/app/production.sqlite in .env (line 3), then run: ...`. */
export function databaseFix(
  key: string,
  value: string,
  environment: Environment,
  services: Reading<Services>,
): string {
  const where = whereToSet(effectiveVariable(environment, key), environment);
  return `Set ${key}=${value} ${where}${thenRestart(knownValue(services))}`;
}
