import type { Evidence } from "../../../core/check.ts";
import type { Problem, Reading } from "../../../core/reading.ts";
import { knownValue } from "../../../core/reading.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import type { AppSetting, AppSettings } from "../../../facts/app-settings.fact.ts";
import type { Environment, Variable } from "../../../facts/environment.fact.ts";
import {
  describeLayers,
  firstVariable,
  hiddenBehind,
  placeOf,
  variableEvidence,
} from "../../judgement/effective-value.ts";
import { presentSetting, settingEvidence, settingPlace } from "../../judgement/settings.ts";

/** Where the key is looked for when the settings do not say it, first one wins. */
export const KEY_NAMES = ["DJANGO_SECRET_KEY", "SECRET_KEY"] as const;
const KEY_FILE_NAMES = ["DJANGO_SECRET_KEY_FILE", "SECRET_KEY_FILE"] as const;

/** The secret key the application really signs with. */
export type KeyInForce =
  | {
      readonly state: "set";
      readonly name: string;
      readonly measure: SecretMeasure;
      /** The value stands in source, not in the environment. */
      readonly isLiteral: boolean;
      readonly where: string;
      readonly variable: Variable | undefined;
      readonly setting: AppSetting | undefined;
      readonly evidence: readonly [Evidence, ...Evidence[]];
    }
  | {
      readonly state: "missing";
      readonly name: string;
      readonly says: string;
      readonly evidence: readonly [Evidence, ...Evidence[]];
    }
  | { readonly state: "open"; readonly problem: Problem };

/**
 * The settings in use decide: they were resolved under the effective environment, and a literal in
 * them is in force whatever the environment says. Without them the variable decides.
 */
export function keyInForce(environment: Environment, settings: Reading<AppSettings>): KeyInForce {
  const setting = presentSetting(knownValue(settings), "SECRET_KEY");
  if (setting !== undefined && setting.resolved.state !== "unknown") {
    return keyOfSetting(environment, setting, setting.resolved);
  }
  const variable = firstVariable(environment, KEY_NAMES);
  const hidden = hiddenBehind(environment, KEY_NAMES);
  if (hidden !== undefined) return { state: "open", problem: hidden };
  // Settings that do not end with an empty variable take the key from elsewhere (a file, one they make).
  const isPassedOver = variable?.isEmpty === true && setting !== undefined;
  if (variable !== undefined && !isPassedOver) return keyOfVariable(variable, setting);
  return keyOfNothing(environment, settings, setting);
}

type Decided = Exclude<AppSetting["resolved"], { readonly state: "unknown" }>;

function keyOfSetting(
  environment: Environment,
  setting: AppSetting,
  resolved: Decided,
): KeyInForce {
  if (resolved.state === "known" && resolved.from === "literal") {
    return keyInSource(setting, resolved.secret);
  }
  const { variables } = setting;
  const hidden = variables.length === 0 ? undefined : hiddenBehind(environment, variables);
  if (hidden !== undefined) return { state: "open", problem: hidden };
  if (resolved.state === "known" && resolved.from === "default") {
    return keyInSource(setting, resolved.secret);
  }

  const variable = firstVariable(environment, variables);
  const name = variable?.key ?? variables[0] ?? "SECRET_KEY";
  const evidence = evidenceOf(setting, variable);
  if (resolved.state === "raises") {
    return { state: "missing", name, says: `is not set: ${resolved.reason}`, evidence };
  }
  const measure = resolved.secret;
  if (measure === undefined) return { state: "missing", name, says: "is not set", evidence };
  const where = variable === undefined ? settingPlace(setting) : placeOf(variable);
  return { state: "set", name, measure, isLiteral: false, where, variable, setting, evidence };
}

/** The value itself stands in source: a literal, or the default of an unset variable. */
function keyInSource(setting: AppSetting, measure: SecretMeasure | undefined): KeyInForce {
  const evidence = evidenceOf(setting, undefined);
  if (measure === undefined) {
    const name = setting.variables[0] ?? "SECRET_KEY";
    return { state: "missing", name, says: "is not set", evidence };
  }
  return {
    state: "set",
    name: "SECRET_KEY",
    measure,
    isLiteral: true,
    where: settingPlace(setting),
    variable: undefined,
    setting,
    evidence,
  };
}

function keyOfVariable(variable: Variable, setting: AppSetting | undefined): KeyInForce {
  const evidence = [variableEvidence(variable)] as const;
  const name = variable.key;
  if (variable.secret === undefined) {
    return variable.isEmpty
      ? { state: "missing", name, says: "is set to empty", evidence }
      : { state: "open", problem: { code: "unsupported", detail: `${name} was not measured` } };
  }
  const where = placeOf(variable);
  const measure = variable.secret;
  return { state: "set", name, measure, isLiteral: false, where, variable, setting, evidence };
}

function keyOfNothing(
  environment: Environment,
  settings: Reading<AppSettings>,
  setting: AppSetting | undefined,
): KeyInForce {
  if (setting?.resolved.state === "unknown") {
    const detail = `SECRET_KEY at ${settingPlace(setting)} cannot be resolved: ${setting.resolved.reason}`;
    return { state: "open", problem: { code: "unsupported", detail } };
  }
  const inFile = firstVariable(environment, KEY_FILE_NAMES);
  if (inFile !== undefined && !inFile.isEmpty) {
    const detail = `The key stands in a file that ${inFile.key} names (${placeOf(inFile)}); it is not read`;
    return { state: "open", problem: { code: "unsupported", detail } };
  }
  const unparsed = unparsedProblem(settings);
  if (unparsed !== undefined) return { state: "open", problem: unparsed };
  const excerpt = `neither DJANGO_SECRET_KEY nor SECRET_KEY in ${describeLayers(environment)}`;
  const [name] = KEY_NAMES;
  return { state: "missing", name, says: "is not set", evidence: [{ excerpt }] };
}

function unparsedProblem(settings: Reading<AppSettings>): Problem | undefined {
  if (settings.state === "unknown") return settings.problem;
  const [problem] = knownValue(settings)?.problems ?? [];
  if (problem === undefined) return undefined;
  const detail = `SECRET_KEY may be set in ${problem.file}, which cannot be read: ${problem.detail}`;
  return { code: "malformed", detail };
}

function evidenceOf(
  setting: AppSetting,
  variable: Variable | undefined,
): readonly [Evidence, ...Evidence[]] {
  if (variable === undefined) return [settingEvidence(setting)];
  return [variableEvidence(variable), settingEvidence(setting)];
}
