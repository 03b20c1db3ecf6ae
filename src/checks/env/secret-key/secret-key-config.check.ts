import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import {
  type AppSetting,
  type AppSettings,
  appSettings,
} from "../../../facts/app-settings.fact.ts";
import { type Environment, environment } from "../../../facts/environment.fact.ts";
import { seedProfile } from "../../../facts/seed-profile.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { variableStatements } from "../../judgement/layer-statements.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import {
  describeStrength,
  looksTyped,
  SIGNING_KEY_FLOOR,
  type StrengthFault,
  strengthFaults,
} from "../../judgement/secret-strength.ts";
import { settingEvidence, settingPlace } from "../../judgement/settings.ts";
import { KEY_NAMES, type KeyInForce, keyInForce } from "./key-in-force.ts";
import { envSecretKey } from "./secret-key.control.ts";

const GENERATE = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"';

export const envSecretKeyConfig = defineCheck({
  control: envSecretKey,
  layer: "config",
  reads:
    "the key in force, from the settings in use resolved under every layer of the environment; only its measures",
  needs: { profile: seedProfile, environment },
  wants: { settings: appSettings, services },

  evaluate({ profile, environment: env }, readings) {
    if (!profile.applies) return notApplicable(`No seed-1 deployment: ${profile.because}`);
    const key = keyInForce(env, readings.settings);
    const context = { env, services: knownValue(readings.services) };
    const fallbacks = fallbackFindings(readings.settings, context);
    if (key.state === "open") {
      return judge(fallbacks, cannotTell(key.problem.code, key.problem.detail));
    }
    if (key.state === "missing") {
      const missing = missingFinding(key, context);
      return judge([missing, ...fallbacks], cannotTell("unsupported", missing.message));
    }
    return judge([...keyFindings(key, context), ...fallbacks], passOf(key));
  },

  states({ profile, environment: env }, { settings }): readonly Statement[] {
    if (!profile.applies) return [];
    const key = keyInForce(env, settings);
    if (key.state !== "set") return [];
    const source = sourceStatement(key);
    if (key.isLiteral) return source;
    const names = key.setting?.variables ?? KEY_NAMES;
    return [...source, ...variableStatements(env, names, ({ shown }) => shown)];
  },
});

type SetKey = Extract<KeyInForce, { readonly state: "set" }>;
interface Context {
  readonly env: Environment;
  readonly services: Services | undefined;
}

function sourceStatement({ setting, isLiteral, measure }: SetKey): readonly Statement[] {
  if (setting === undefined || !isLiteral) return [];
  const value = `set, ${measure.length} chars, fp:${measure.fingerprint}`;
  return [{ layer: "source", says: "sets", value, where: settingPlace(setting) }];
}

function passOf(key: SetKey): Outcome {
  const strength = describeStrength(key.measure);
  return pass(`${key.name} is long and random (${strength}; ${key.where})`, measured(key));
}

function missingFinding(
  { name, says, evidence }: Extract<KeyInForce, { readonly state: "missing" }>,
  { env, services: running }: Context,
): Finding {
  const fix = `Put ${name} ${whereToSet(undefined, env)} with the output of: ${GENERATE}${thenRestart(running)}`;
  return { rule: "missing", status: "fail", message: `${name} ${says}`, fix, evidence };
}

function keyFindings(key: SetKey, context: Context): readonly Finding[] {
  const faults = strengthFaults(key.measure, SIGNING_KEY_FLOOR);
  const [worst] = faults;
  if (worst !== undefined) return [weakFinding(key, faults, worst, context)];
  return [...typedFinding(key, context), ...literalFinding(key, context)];
}

function weakFinding(
  key: SetKey,
  faults: readonly StrengthFault[],
  worst: StrengthFault,
  context: Context,
): Finding {
  return {
    rule: worst.rule,
    status: "fail",
    message: `${key.name} ${faults.map(({ says }) => says).join(", ")} (${key.where})`,
    fix: replaceFix(key, context, !faults.some(({ isPublic }) => isPublic)),
    evidence: measured(key),
  };
}

function typedFinding(key: SetKey, context: Context): readonly Finding[] {
  if (!looksTyped(key.measure)) return [];
  const share = Math.floor(key.measure.wordShare * 100);
  return [
    {
      rule: "looks-typed",
      status: "warn",
      message: `${key.name} looks typed: common words cover ${share} % of its letters (${key.where})`,
      fix: replaceFix(key, context, true),
      evidence: measured(key),
    },
  ];
}

function literalFinding(key: SetKey, context: Context): readonly Finding[] {
  const { setting, isLiteral } = key;
  if (setting === undefined || !isLiteral) return [];
  return [
    {
      rule: "hard-coded",
      status: "warn",
      message: `SECRET_KEY in force stands in source (${settingPlace(setting)})`,
      fix: replaceFix(key, context, true),
      evidence: measured(key),
    },
  ];
}

/** A key that anyone could guess is not kept: fallbacks still verify signatures. */
function replaceFix(key: SetKey, { env, services: running }: Context, isKept: boolean): string {
  const kept = isKept
    ? ", keep the old one in SECRET_KEY_FALLBACKS for the lifetime of a session"
    : "";
  const names = key.setting?.variables ?? [];
  const name =
    key.variable?.key ?? names.find((each) => !each.endsWith("_FILE")) ?? "DJANGO_SECRET_KEY";
  const set = `set ${name} ${whereToSet(key.variable, env)} to the output of: ${GENERATE}`;
  const after = `${kept}${thenRestart(running)}`;
  const isDefault =
    key.setting?.resolved.state === "known" && key.setting.resolved.from === "default";
  // A default in source gives way to the variable, if it has one.
  const isSettable = !key.isLiteral || (isDefault && key.setting.variables.length > 0);
  if (key.setting === undefined || isSettable) return `${capital(set)}${after}`;
  const code = `Write SECRET_KEY = os.environ["${name}"] at ${settingPlace(key.setting)}`;
  return `${code}, ${set}${after}`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function measured(key: SetKey): readonly [Evidence, ...Evidence[]] {
  const [first, ...others] = key.evidence;
  return [{ ...first, excerpt: `${key.name}: ${describeStrength(key.measure)}` }, ...others];
}

/** Every old key still verifies signatures, so each is held to the same floor. */
function fallbackFindings(
  settings: Reading<AppSettings>,
  { services: running }: Context,
): readonly Finding[] {
  const named = knownValue(settings)?.settings.filter(
    ({ name, kind }) => name === "SECRET_KEY_FALLBACKS" && kind !== "absent",
  );
  const restart = thenRestart(running);
  return (named ?? []).flatMap((setting) =>
    secretsOf(setting.resolved).flatMap((entry, index) =>
      fallbackFinding(setting, entry, `entry ${index + 1}`, restart),
    ),
  );
}

type Known = Extract<AppSetting["resolved"], { readonly state: "known" }>;
type Fallback = NonNullable<Known["secrets"]>[number];

function secretsOf(resolved: AppSetting["resolved"]): readonly Fallback[] {
  if (resolved.state !== "known") return [];
  const { secrets, secret, from } = resolved;
  const single = secret === undefined ? [] : [{ secret, isLiteral: from === "literal" }];
  return (secrets ?? single).filter((entry) => entry.secret.length > 0);
}

function fallbackFinding(
  setting: AppSetting,
  { secret, isLiteral }: Fallback,
  subject: string,
  restart: string,
): readonly Finding[] {
  const place = settingPlace(setting);
  const excerpt = `SECRET_KEY_FALLBACKS: ${describeStrength(secret)}`;
  const common = {
    subject,
    fix: `Remove ${subject} of SECRET_KEY_FALLBACKS at ${place}${restart}`,
    evidence: [{ ...settingEvidence(setting), excerpt }],
  } as const;
  const message = (says: string) =>
    `${capital(subject)} of SECRET_KEY_FALLBACKS ${says} (${place})`;
  const faults = strengthFaults(secret, SIGNING_KEY_FLOOR);
  if (faults.length > 0) {
    const says = faults.map((fault) => fault.says).join(", ");
    return [{ ...common, rule: "weak-fallback", status: "fail", message: message(says) }];
  }
  if (looksTyped(secret)) {
    const rule = "typed-fallback";
    return [{ ...common, rule, status: "warn", message: message("looks typed") }];
  }
  if (!isLiteral) return [];
  const says = "stands in source";
  return [{ ...common, rule: "hard-coded-fallback", status: "warn", message: message(says) }];
}
