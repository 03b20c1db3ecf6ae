import type { Problem } from "../../../core/reading.ts";
import type { AppSetting } from "../../../facts/app-settings.fact.ts";
import type { Environment, Variable } from "../../../facts/environment.fact.ts";
import { booleanOf, isTruthyInPython } from "../../judgement/booleans.ts";
import {
  firstVariable,
  hiddenBehind,
  placeOf,
  variableEvidence,
} from "../../judgement/effective-value.ts";
import { whereToSet } from "../../judgement/remedy.ts";
import { settingEvidence, settingPlace } from "../../judgement/settings.ts";
import type { DebugSwitch } from "./debug-switch.ts";

/** A setting in source, resolved by the code's own idiom under the effective environment. */
export function settingSwitch(setting: AppSetting, environment: Environment): DebugSwitch {
  const { resolved, variables } = setting;
  const isLiteral = resolved.state === "known" && resolved.from === "literal";
  const hidden =
    isLiteral || variables.length === 0 ? undefined : hiddenBehind(environment, variables);
  if (hidden !== undefined) return openSetting(setting, environment, hidden);
  const variable = isLiteral ? undefined : firstVariable(environment, variables);
  switch (resolved.state) {
    case "known":
      return resolvedSwitch(setting, environment, variable, isTruthyInPython(resolved.value));
    case "raises":
      return raisingSwitch(setting, environment, variable, resolved.reason);
    case "unknown": {
      const value = variable?.text === undefined ? undefined : booleanOf(variable.text);
      if (value !== undefined) return resolvedSwitch(setting, environment, variable, value);
      const detail = `${setting.name} at ${settingPlace(setting)} cannot be resolved: ${resolved.reason}`;
      return openSetting(setting, environment, { code: "unsupported", detail });
    }
  }
}

function resolvedSwitch(
  setting: AppSetting,
  environment: Environment,
  variable: Variable | undefined,
  isOn: boolean,
): DebugSwitch {
  const { name, idiom } = setting;
  const because =
    variable === undefined
      ? settingPlace(setting)
      : `${variable.key}=${variable.shown} at ${placeOf(variable)}, read at ${settingPlace(setting)}`;
  const how = idiom === undefined || variable === undefined ? "" : ` as ${idiom}`;
  return {
    state: isOn ? "on" : "off",
    rule: isOn ? onRule(setting, variable) : "debug-off",
    says: `${name} is ${isOn ? "on" : "off"} (${because}${how})`,
    fix: fixOf(setting, environment, variable),
    evidence: evidenceOf(setting, variable),
  };
}

function onRule({ kind }: AppSetting, variable: Variable | undefined): string {
  if (kind === "literal") return "debug-literal";
  return variable === undefined ? "debug-default-on" : "debug-on";
}

function raisingSwitch(
  setting: AppSetting,
  environment: Environment,
  variable: Variable | undefined,
  reason: string,
): DebugSwitch {
  const isUnset = variable === undefined;
  const place = settingPlace(setting);
  return {
    state: isUnset ? "unset" : "ambiguous",
    rule: isUnset ? "debug-unset" : "debug-ambiguous",
    says: `${setting.name} at ${place} cannot be made out, the code raises: ${reason}`,
    fix: fixOf(setting, environment, variable),
    evidence: evidenceOf(setting, variable),
  };
}

function openSetting(setting: AppSetting, environment: Environment, problem: Problem): DebugSwitch {
  const says = problem.detail;
  const fix = fixOf(setting, environment, undefined);
  return {
    state: "open",
    rule: "debug-open",
    says,
    fix,
    problem,
    evidence: [settingEvidence(setting)],
  };
}

function fixOf(
  setting: AppSetting,
  environment: Environment,
  variable: Variable | undefined,
): string {
  const key = variable?.key ?? setting.variables[0];
  const place = settingPlace(setting);
  const shortName = setting.name.slice(setting.name.lastIndexOf(".") + 1);
  if (key === undefined) return literalFix(setting.name, shortName, place);
  // `bool(os.getenv(...))` takes every text for on, `0` as well: then only the code can be mended.
  const isOffText = variable?.text !== undefined && booleanOf(variable.text) === false;
  if (isOffText) return `Write ${shortName} = os.environ.get("${key}", "0") == "1" at ${place}`;
  return `Set ${key}=${offWord(setting)} ${whereToSet(variable, environment)}`;
}

/** `DEBUG = True` is a statement of its own, `FastAPI(debug=True)` an argument, `app.debug = True` neither. */
function literalFix(name: string, shortName: string, place: string): string {
  if (name === shortName) return `Write ${shortName} = False at ${place}`;
  return shortName === "debug"
    ? `Write debug=False in the call at ${place}`
    : `Write False as the value at ${place}`;
}

/** Off in the code's own words: what compares with `"True"` may refuse `0` (healthchecks' envbool). */
function offWord({ idiom = "" }: AppSetting): string {
  // Any text is true to `bool()`, only none at all is not.
  if (idiom.startsWith("bool(")) return "";
  const word = /^== ["'](true)["']$/i.exec(idiom)?.[1];
  if (word === undefined) return "0";
  return word === "True" ? "False" : "false";
}

function evidenceOf(setting: AppSetting, variable: Variable | undefined): DebugSwitch["evidence"] {
  const chain = settingEvidence(setting);
  return variable === undefined ? [chain] : [variableEvidence(variable), chain];
}
