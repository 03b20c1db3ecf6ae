import type { Evidence } from "../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { AppSettings } from "../../facts/app-settings.fact.ts";
import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../facts/environment.fact.ts";
import { booleanOf, isTruthyInPython } from "../judgement/booleans.ts";
import { hiddenBehind, variableEvidence } from "../judgement/effective-value.ts";
import { presentSetting, settingEvidence } from "../judgement/settings.ts";

const SWITCH = "API_KEY_AUTH_ENABLED";
/** The class that refuses requests without a key (server-monitoring, generation 2). */
const MIDDLEWARE_CLASS = "apikeyauthmiddleware";
/** The application's own comparison, taken where the code that makes it is not there to read. */
const ON_TEXT = "1";

/** One half of API-key authentication: its switch, or the middleware that enforces it. */
export type Half =
  | { readonly state: "on"; readonly evidence: Evidence; readonly says: string }
  | {
      readonly state: "off";
      readonly rule: string;
      readonly says: string;
      readonly evidence: Evidence;
    }
  | { readonly state: "unknown"; readonly problem: Problem };

export interface AuthFacts {
  readonly environment: Environment;
  readonly appSettings: Reading<AppSettings>;
}

/** Whether every request needs an API key: the switch is on, and the middleware is in the list. */
export function apiKeyAuth(facts: AuthFacts): { readonly enabled: Half; readonly enforced: Half } {
  return { enabled: switchOf(facts), enforced: middlewareOf(facts.appSettings) };
}

function switchOf({ environment, appSettings }: AuthFacts): Half {
  const setting = presentSetting(knownValue(appSettings), SWITCH);
  const hidden = hiddenBehind(environment, [SWITCH]);
  if (hidden !== undefined && setting?.kind !== "literal") {
    return { state: "unknown", problem: hidden };
  }
  const variable = effectiveVariable(environment, SWITCH);
  if (setting === undefined) return switchWithoutSource(variable);
  const { resolved, file, line, idiom } = setting;
  if (resolved.state !== "known") {
    const detail = `${SWITCH} at ${file}:${line} cannot be resolved: ${resolved.reason}`;
    return { state: "unknown", problem: { code: "unsupported", detail } };
  }
  const evidence = settingEvidence(setting);
  if (!isTruthyInPython(resolved.value)) return off(variable, evidence, idiom);
  return { state: "on", evidence, says: `${SWITCH} is on` };
}

function switchWithoutSource(variable: Variable | undefined): Half {
  if (variable === undefined) {
    const detail = `${SWITCH} is not set, and no source that tells its default was found`;
    return { state: "unknown", problem: { code: "unsupported", detail } };
  }
  const evidence = variableEvidence(variable);
  return variable.text?.trim() === ON_TEXT
    ? { state: "on", evidence, says: `${SWITCH} is on` }
    : off(variable, evidence, `== "${ON_TEXT}"`);
}

function off(variable: Variable | undefined, evidence: Evidence, idiom: string | undefined): Half {
  if (variable !== undefined && booleanOf(variable.text ?? "") === true) {
    const says = `${SWITCH}=${variable.text} is off for the application, which compares ${idiom ?? "otherwise"}`;
    return { state: "off", rule: "on-word-rejected", says, evidence };
  }
  return { state: "off", rule: "switched-off", says: `${SWITCH} is off`, evidence };
}

function middlewareOf(appSettings: Reading<AppSettings>): Half {
  const setting = presentSetting(knownValue(appSettings), "MIDDLEWARE");
  if (setting === undefined) {
    const why = appSettings.state === "unknown" ? `: ${appSettings.problem.detail}` : "";
    const detail = `MIDDLEWARE was not found in source${why}`;
    return { state: "unknown", problem: { code: "unsupported", detail } };
  }
  const { resolved, file, line, column } = setting;
  const isKnown = resolved.state === "known";
  const list = textsOf(isKnown ? (resolved.value ?? setting.value) : setting.value);
  const at = list?.findIndex((name) => isAuthMiddleware(name)) ?? -1;
  if (list !== undefined && at >= 0) {
    const excerpt = `MIDDLEWARE[${at}] = ${list[at]}, of ${list.length}`;
    return {
      state: "on",
      evidence: { file, line, column, excerpt },
      says: "MIDDLEWARE enforces it",
    };
  }
  if (!isKnown || list === undefined) {
    const detail = `MIDDLEWARE at ${file}:${line} cannot be resolved`;
    return { state: "unknown", problem: { code: "unsupported", detail } };
  }
  const excerpt = `MIDDLEWARE has ${list.length} entries, none of them APIKeyAuthMiddleware`;
  const says = "APIKeyAuthMiddleware is not in MIDDLEWARE";
  return {
    state: "off",
    rule: "middleware-missing",
    says,
    evidence: { file, line, column, excerpt },
  };
}

function isAuthMiddleware(name: string): boolean {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase() === MIDDLEWARE_CLASS;
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : undefined;
}
