import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { isSecretName } from "../../../core/secret.ts";
import { type Environment, environment } from "../../../facts/environment.fact.ts";
import {
  type PublishedSecret,
  type SecretLiteral,
  type SecretLiterals,
  secretLiterals,
} from "../../../facts/secret-literals.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { secretDefault } from "./default.control.ts";

const GENERATE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"';

export const secretDefaultConfig = defineCheck({
  control: secretDefault,
  layer: "config",
  reads:
    "the secrets in force and those written into settings and compose files, compared with published defaults by their hashes",
  needs: { scan: secretLiterals },
  wants: { environment, services },

  evaluate({ scan }, readings) {
    const restart = thenRestart(knownValue(readings.services));
    const told = new Set(scan.published.map(({ file, line }) => `${file}:${line}`));
    const literals = scan.literals.filter(
      ({ slug, file, line }) => slug === "secret.default" && !told.has(`${file}:${line}`),
    );
    const findings = [
      ...scan.published.map((one) => publishedFinding(one, restart)),
      ...literals.map(literalFinding),
    ];
    return judge(findings, otherwise(scan, readings.environment));
  },
});

const HOW: Readonly<
  Record<
    PublishedSecret["how"],
    { readonly rule: string; readonly status: "warn" | "fail"; readonly says: string }
  >
> = {
  published: { rule: "published-default", status: "fail", says: "is a published default" },
  sample: { rule: "equals-sample", status: "fail", says: "is the value published in" },
  name: { rule: "equals-name", status: "warn", says: "equals" },
};

function publishedFinding(one: PublishedSecret, restart: string): Finding {
  const { key, file, line, fingerprint, how, of } = one;
  const { rule, status, says } = HOW[how];
  const place = line === undefined ? file : `${file}:${line}`;
  const origin = how === "published" ? ` (${of})` : ` ${of}`;
  return {
    rule,
    status,
    subject: key,
    message: `${key} ${says}${origin} (${place})`,
    fix: `Set ${key} in ${file}${line === undefined ? "" : ` (line ${line})`} to the output of: ${GENERATE}${restart}`,
    evidence: [
      { file, ...(line === undefined ? {} : { line }), excerpt: `${key}: fp:${fingerprint}` },
    ],
  };
}

/** Of another service's password the network decides who can try it; a long key has no such excuse. */
function literalFinding(literal: SecretLiteral): Finding {
  const { file, line, column, subject, value, publisher = "others" } = literal;
  const isShort = /^set, (?:\d|1\d) chars/.test(value);
  return {
    rule: isShort ? "published-password" : "published-default",
    status: isShort ? "warn" : "fail",
    subject: `${file} ${subject}`,
    message: `${subject} in ${file}:${line} is a published default (${publisher})`,
    fix: `Replace the value of ${subject} in ${file} (line ${line}) by the output of: ${GENERATE}, and restart what reads it`,
    evidence: [{ file, line, column, excerpt: `${subject}: ${value}` }],
  };
}

function otherwise({ filesScanned }: SecretLiterals, environment: Reading<Environment>): Outcome {
  if (environment.state === "unknown")
    return cannotTell(environment.problem.code, environment.problem.detail);
  const variables = knownValue(environment)?.variables ?? {};
  const [hidden] = knownValue(environment)?.unreadable ?? [];
  if (hidden !== undefined)
    return cannotTell(
      hidden.problem.code,
      `What ${hidden.file} sets cannot be compared: ${hidden.problem.detail}`,
    );
  const keys = Object.keys(variables).filter(isSecretName);
  if (keys.length === 0)
    return notApplicable(
      `No secret in force, and no published default in the ${filesScanned} files looked through`,
    );
  return pass(`None of the ${keys.length} secrets in force is a published default`);
}
