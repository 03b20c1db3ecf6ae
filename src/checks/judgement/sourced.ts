import type { Evidence } from "../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import {
  type SourceProperty,
  type SourceSetting,
  type SourceSettings,
  settingsOf,
} from "../../facts/source-settings.fact.ts";
import { firstVariable, hiddenBehind, variableEvidence } from "./effective-value.ts";

/** `webui/app.py:12`, or the file alone for what is absent in it. */
export function sourcePlace({ file, line }: Pick<SourceSetting, "file" | "line">): string {
  return line === null ? file : `${file}:${line}`;
}

/** The chain that leads to a setting, at its place; it holds no secret. */
export function sourceEvidence({ file, line, column, chain }: SourceSetting): Evidence {
  return {
    file,
    ...(line === null ? {} : { line }),
    ...(line === null || column === undefined ? {} : { column }),
    excerpt: chain,
  };
}

/** The settings of a property; of a source that could not be read none. */
export function rowsOf(
  source: Reading<SourceSettings>,
  property: SourceProperty,
): readonly SourceSetting[] {
  const settings = knownValue(source);
  return settings === undefined ? [] : settingsOf(settings, property);
}

/** What one property is under the environment and in source, nearest to the running program first. */
export type Stated =
  | {
      readonly state: "known";
      readonly value: unknown;
      readonly shown: string;
      readonly evidence: Evidence;
      readonly variable?: Variable;
    }
  /** The program stops at it: text that does not cast. */
  | { readonly state: "raises"; readonly reason: string; readonly evidence: Evidence }
  | { readonly state: "unknown"; readonly problem: Problem }
  | { readonly state: "unset" };

/**
 * A property as the program has it: source that uses it wins with its defaults and idioms, else the
 * first of `keys` that the environment sets. `unset` only where all of the environment was read.
 */
export function statedValue(
  environment: Environment,
  source: Reading<SourceSettings>,
  property: SourceProperty,
  keys: readonly string[],
): Stated {
  const row = rowsOf(source, property).findLast(({ resolved }) => resolved.state !== "unknown");
  if (row !== undefined) return ofSource(row, environment);
  const variable = firstVariable(environment, keys);
  const problem = hiddenBehind(environment, keys);
  if (problem !== undefined) return { state: "unknown", problem };
  if (variable !== undefined) return ofVariable(variable);
  const open = rowsOf(source, property).at(-1);
  if (open === undefined) return { state: "unset" };
  const detail = `${sourcePlace(open)}: ${open.value}`;
  return { state: "unknown", problem: { code: "unsupported", detail } };
}

function ofSource(row: SourceSetting, environment: Environment): Stated {
  const { resolved } = row;
  const evidence = sourceEvidence(row);
  if (resolved.state === "raises") return { state: "raises", reason: resolved.reason, evidence };
  const variable = firstVariable(environment, row.variables);
  const value = resolved.state === "known" ? resolved.value : undefined;
  const shown = `${row.value} (${sourcePlace(row)})`;
  return {
    state: "known",
    value,
    shown,
    evidence,
    ...(variable === undefined ? {} : { variable }),
  };
}

function ofVariable(variable: Variable): Stated {
  const shown = `${variable.key}=${variable.shown}`;
  const evidence = variableEvidence(variable);
  return { state: "known", value: variable.text, shown, evidence, variable };
}
