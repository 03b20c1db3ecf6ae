import { cannotTell, notApplicable, type Outcome } from "../../core/check.ts";
import { knownValue, type Reading } from "../../core/reading.ts";
import type { Application } from "../../facts/application.fact.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import { firstVariable, hiddenBehind } from "../judgement/effective-value.ts";

/** Keys of the environment that end so, `AGENTOS_LOGS_LEVEL` and `LOG_LEVEL`; the application's own prefix first. */
function logKeys(environment: Environment, what: RegExp, usual: string): readonly string[] {
  const found = Object.keys(environment.variables).filter((key) => what.test(key));
  return [...found.toSorted((a, b) => b.length - a.length), usual];
}

export const LEVEL_KEY = /(?:^|_)(?:LOG|LOGS|LOGGING)_?LEVEL$/;
export const PERSIST_KEY = /(?:^|_)LOGS?_PERSIST$/;
export const SIZE_KEY = /(?:^|_)LOGS?_MAX_(?:SIZE|BYTES)$/;

export interface LogVariable {
  readonly key: string;
  readonly variable: Variable | undefined;
  /** It may be set where nobody could look. */
  readonly hidden: Outcome | undefined;
}

export function logVariable(environment: Environment, what: RegExp, usual: string): LogVariable {
  const keys = logKeys(environment, what, usual);
  const problem = hiddenBehind(environment, keys);
  const variable = firstVariable(environment, keys);
  return {
    key: variable?.key ?? usual,
    variable,
    hidden: problem === undefined ? undefined : cannotTell(problem.code, problem.detail),
  };
}

/** `undefined` where there is an application whose logs can be asked for. */
export function withoutApplication(app: Reading<Application>): Outcome | undefined {
  if (app.state === "unknown") return cannotTell(app.problem.code, app.problem.detail);
  const found = knownValue(app);
  if (found !== undefined && (found.frameworks.length > 0 || found.hasManagePy)) return undefined;
  return notApplicable("No application was found");
}
