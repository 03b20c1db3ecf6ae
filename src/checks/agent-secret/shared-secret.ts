import {
  cannotTell,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../core/check.ts";
import { knownValue, type Reading } from "../../core/reading.ts";
import { describeSecret, type SecretMeasure } from "../../core/secret.ts";
import { type AppSetting, type AppSettings, settingNamed } from "../../facts/app-settings.fact.ts";
import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../facts/environment.fact.ts";
import type { Services } from "../../facts/services.fact.ts";
import { hiddenBehind, variableEvidence } from "../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../judgement/remedy.ts";
import type { StrengthFault } from "../judgement/secret-strength.ts";

/** What the checks over a secret shared between two nodes read. */
export interface SecretFacts {
  readonly environment: Environment;
  readonly appSettings: Reading<AppSettings>;
  readonly services: Reading<Services>;
}

/** How one shared secret is judged. */
export interface SecretRule {
  readonly key: string;
  /** Every way the secret is too weak; empty when it is strong. */
  faultsOf(measure: SecretMeasure): readonly StrengthFault[];
  /** What is short of good without being a failure: then a warning. */
  doubtOf?(measure: SecretMeasure): { readonly rule: string; readonly says: string } | undefined;
  /** What follows from an unset or empty secret, as a clause. */
  readonly consequence: string;
  /** Begins the summary of a pass. */
  readonly good: string;
  /** Imperative: how to get a new value, and where else it belongs. */
  readonly renew: string;
}

/** The secret in force: its measures, that there is none, or why it cannot be told. */
type InForce =
  | { readonly state: "set"; readonly measure: SecretMeasure; readonly evidence: Evidence }
  | { readonly state: "missing"; readonly says: string; readonly evidence: Evidence }
  | { readonly state: "unknown"; readonly outcome: Outcome };

/** Judges the effective value of one shared secret. */
export function judgeSharedSecret(facts: SecretFacts, rule: SecretRule): Outcome {
  const inForce = secretInForce(facts, rule.key);
  if (inForce.state === "unknown") return inForce.outcome;
  const { evidence } = inForce;
  const fix = fixOf(facts, rule);
  const finding = (name: string, status: "warn" | "fail", says: string): Finding => {
    return { rule: name, status, message: `${rule.key} ${says}`, fix, evidence: [evidence] };
  };
  if (inForce.state === "missing") {
    const says = `${inForce.says}: ${rule.consequence}`;
    return judge([finding("empty", "fail", says)], pass(rule.good));
  }
  const { measure } = inForce;
  const [gravest, ...others] = rule.faultsOf(measure);
  if (gravest !== undefined) {
    const says = [gravest, ...others].map((fault) => fault.says).join(", ");
    const because = gravest.rule === "empty" ? `${says}: ${rule.consequence}` : says;
    return judge([finding(gravest.rule, "fail", because)], pass(rule.good));
  }
  const doubt = rule.doubtOf?.(measure);
  const summary = `${rule.good}: ${rule.key} is ${describeSecret(measure)}`;
  return judge(doubt ? [finding(doubt.rule, "warn", doubt.says)] : [], pass(summary, [evidence]));
}

function secretInForce({ environment, appSettings }: SecretFacts, key: string): InForce {
  const source = knownValue(appSettings);
  const setting = source === undefined ? undefined : settingNamed(source, key);
  if (setting?.kind === "literal") return ofSetting(setting);
  const hidden = hiddenBehind(environment, [key]);
  if (hidden !== undefined) {
    return { state: "unknown", outcome: cannotTell(hidden.code, hidden.detail) };
  }
  const variable = effectiveVariable(environment, key);
  if (variable !== undefined) return ofVariable(variable);
  if (setting !== undefined && setting.kind !== "absent") return ofSetting(setting);
  return { state: "missing", says: "is not set", evidence: { excerpt: `${key} is set nowhere` } };
}

function ofVariable(variable: Variable): InForce {
  const evidence = variableEvidence(variable);
  if (variable.isEmpty) return { state: "missing", says: "is empty", evidence };
  if (variable.secret !== undefined) return { state: "set", measure: variable.secret, evidence };
  const detail = `The strength of ${variable.key} in ${variable.file} was not measured`;
  return { state: "unknown", outcome: cannotTell("unsupported", detail) };
}

function ofSetting({ name, file, line, column, resolved, chain }: AppSetting): InForce {
  const evidence: Evidence = { file, line, column, excerpt: chain };
  switch (resolved.state) {
    case "known":
      return resolved.secret === undefined
        ? { state: "missing", says: "is not set, and its default is empty", evidence }
        : { state: "set", measure: resolved.secret, evidence };
    case "raises":
      return { state: "missing", says: "is not set, and the code demands it", evidence };
    case "unknown": {
      const detail = `${name} at ${file}:${line} cannot be resolved: ${resolved.reason}`;
      return { state: "unknown", outcome: cannotTell("unsupported", detail) };
    }
  }
}

function fixOf({ environment, services }: SecretFacts, { key, renew }: SecretRule): string {
  const where = whereToSet(effectiveVariable(environment, key), environment);
  return `${renew}; set it as ${key} ${where}${thenRestart(knownValue(services))}`;
}
