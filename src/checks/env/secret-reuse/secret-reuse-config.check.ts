import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import {
  type Environment,
  effectiveVariable,
  environment,
} from "../../../facts/environment.fact.ts";
import {
  type SecretOccurrences,
  secretOccurrences,
} from "../../../facts/secret-occurrences.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { variableEvidence } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { envSecretReuse } from "./secret-reuse.control.ts";

/** Names that different programs give to one and the same credential. */
const ONE_CREDENTIAL: readonly RegExp[] = [
  /^(?:DJANGO_)?SECRET_KEY$/,
  /^(?:POSTGRES|POSTGRESQL|PG|DB|DATABASE|MYSQL|MARIADB|DJANGO_DB)_?(?:PASSWORD|PASSWD|PASS|PWD)$/,
  /^(?:DJANGO_)?(?:DATABASE|DB|POSTGRES)_(?:URL|DSN|URI)$/,
  /^(?:[A-Z]{1,12}_){0,3}SENTRY_DSN$/,
  /^(?:REDIS|CACHE|BROKER|CELERY_BROKER|CELERY_RESULT_BACKEND)(?:_URL)?$/,
];

export const envSecretReuseConfig = defineCheck({
  control: envSecretReuse,
  layer: "config",
  reads: "fingerprints of the effective values of secret-named keys",
  needs: { occurrences: secretOccurrences },
  wants: { environment, services },

  evaluate({ occurrences }, readings) {
    const env = knownValue(readings.environment);
    const restart = thenRestart(knownValue(readings.services));
    const findings = occurrences.shared
      .filter(({ keys }) => !isOneCredential(keys))
      .map((shared) => findingOf(shared, env, restart));
    const [hidden] = env?.unreadable ?? [];
    if (hidden !== undefined) {
      const detail = `Secrets in ${hidden.file} cannot be compared: ${hidden.problem.detail}`;
      return judge(findings, cannotTell(hidden.problem.code, detail));
    }
    const { keys } = occurrences;
    if (keys.length < 2) return notApplicable("Fewer than two secrets are set");
    return judge(findings, pass(`All ${keys.length} secrets differ`, keys.map(evidenceIn(env))));
  },
});

function isOneCredential([a, b]: readonly [string, string]): boolean {
  return ONE_CREDENTIAL.some((pattern) => pattern.test(a) && pattern.test(b));
}

function findingOf(
  { keys, how, fingerprint }: SecretOccurrences["shared"][number],
  env: Environment | undefined,
  restart: string,
): Finding {
  const [first, second] = keys;
  const message =
    how === "equal"
      ? `${first} and ${second} have the same value (fp:${fingerprint})`
      : `The value of ${first} and that of ${second} begin alike: one is the beginning of the other (fp:${fingerprint})`;
  const variable = env === undefined ? undefined : effectiveVariable(env, second);
  const evidence = evidenceIn(env);
  return {
    rule: how === "equal" ? "same-value" : "same-beginning",
    status: "warn",
    subject: keys.join(" "),
    message,
    fix: `Set ${second} ${whereToSet(variable, env)} to the output of: python3 -c "import secrets; print(secrets.token_urlsafe(64))"${restart}`,
    evidence: [evidence(first), evidence(second)],
  };
}

function evidenceIn(env: Environment | undefined): (key: string) => Evidence {
  return (key) => {
    const variable = env === undefined ? undefined : effectiveVariable(env, key);
    return variable === undefined ? { excerpt: key } : variableEvidence(variable);
  };
}
