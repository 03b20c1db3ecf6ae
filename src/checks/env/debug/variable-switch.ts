import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../../facts/environment.fact.ts";
import { booleanOf } from "../../judgement/booleans.ts";
import { hiddenBehind, placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { whereToSet } from "../../judgement/remedy.ts";
import type { DebugSwitch } from "./debug-switch.ts";

/** A variable whose reader in source is not known: its text decides (catalog G5). */
export function variableSwitch(variable: Variable, environment: Environment): DebugSwitch {
  const { key, text = "", isEmpty } = variable;
  const evidence = [variableEvidence(variable)] as const;
  const fix = `Set ${key}=0 ${whereToSet(variable, environment)}`;
  const hidden = hiddenBehind(environment, [key]);
  if (hidden !== undefined) {
    return {
      state: "open",
      rule: "debug-open",
      says: hidden.detail,
      fix,
      problem: hidden,
      evidence,
    };
  }
  const value = booleanOf(text);
  const where = `${variable.shown}, ${placeOf(variable)}`;
  if (value !== undefined) {
    const says = `${key} is ${value ? "on" : "off"} (${where})`;
    return {
      state: value ? "on" : "off",
      rule: value ? "debug-on" : "debug-off",
      says,
      fix,
      evidence,
    };
  }
  const says = isEmpty
    ? `${key} is set to empty (${placeOf(variable)}), and what the code makes of that is not known`
    : `${key} is neither on nor off (${where})`;
  return { state: "ambiguous", rule: "debug-ambiguous", says, fix, evidence };
}

/** Stages in which Node programs conventionally switch their development aids on. */
const NODE_DEVELOPMENT: ReadonlySet<string> = new Set(["development", "dev", "local"]);

/** Express writes stack traces into error pages unless `NODE_ENV` says otherwise (express 4 and 5, finalhandler). */
export function expressSwitch(environment: Environment): readonly DebugSwitch[] {
  const variable = effectiveVariable(environment, "NODE_ENV");
  if (variable === undefined || variable.isEmpty) return [];
  const isOn = NODE_DEVELOPMENT.has(variable.text?.trim().toLowerCase() ?? "");
  return [
    {
      state: isOn ? "on" : "off",
      rule: isOn ? "express-development" : "debug-off",
      says: `Express runs with NODE_ENV=${variable.shown} (${placeOf(variable)})`,
      fix: `Set NODE_ENV=production ${whereToSet(variable, environment)}`,
      evidence: [variableEvidence(variable)],
    },
  ];
}
