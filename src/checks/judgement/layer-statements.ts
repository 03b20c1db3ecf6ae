import type { Statement } from "../../core/trace.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import { ENVIRONMENT_LAYERS } from "../../facts/environment-values.fact.ts";
import { placeOf } from "./effective-value.ts";

/** The layers from the innermost out: what comes later overrides. */
export const OUTWARDS = ENVIRONMENT_LAYERS.toReversed();

/** What each environment layer says of the first of `keys` that any of them sets, innermost first. */
export function variableStatements(
  environment: Environment,
  keys: readonly string[],
  shownAs: (variable: Variable) => string,
): readonly Statement[] {
  const key = keys.find((name) => Object.hasOwn(environment.variables, name));
  const variables = key === undefined ? [] : (environment.variables[key] ?? []);
  return OUTWARDS.flatMap((layer) => {
    const variable = variables.find((candidate) => candidate.layer === layer);
    return variable === undefined ? [] : [statementOf(variable, shownAs(variable))];
  });
}

/** A variable as a statement: the running process is the host's, every file is configuration. */
export function statementOf(variable: Variable, value: string): Statement {
  const layer = variable.layer === "process" ? "host" : "config";
  return { layer, says: "sets", value, where: placeOf(variable) };
}
