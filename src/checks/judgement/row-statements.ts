import { knownValue, type Reading } from "../../core/reading.ts";
import type { Statement } from "../../core/trace.ts";
import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../facts/environment.fact.ts";
import {
  type SourceProperty,
  type SourceSetting,
  type SourceSettings,
  settingsOf,
} from "../../facts/source-settings.fact.ts";
import { placeOf } from "./effective-value.ts";
import { sourcePlace } from "./sourced.ts";

/** What is done to the control's value where a program has `value` at `where`. */
export type Telling<Value> = (value: Value, where: string) => Omit<Statement, "layer">;

/**
 * From the inside out: what source has by itself (`before`, where that is known), and what the variable that decides
 * makes of it (`after`): in a file or a unit (layer config), or in the running process (layer host).
 */
export function rowSteps<Value>(
  row: SourceSetting,
  environment: Reading<Environment>,
  { before, after, tell }: { readonly before?: Value; readonly after: Value; tell: Telling<Value> },
): readonly Statement[] {
  const where = sourcePlace(row);
  const variable = variableOf(environment, row);
  if (variable === undefined || before === after)
    return [{ layer: "source", ...tell(after, where) }];
  const inner: Omit<Statement, "layer"> =
    before === undefined
      ? { says: "passes-on", where: `reads ${variable.key}: ${where}` }
      : tell(before, where);
  return [
    { layer: "source", ...inner },
    { layer: variable.layer === "process" ? "host" : "config", ...tell(after, placeOf(variable)) },
  ];
}

/** The first variable of the setting that anybody sets. */
function variableOf(
  environment: Reading<Environment>,
  { variables }: SourceSetting,
): Variable | undefined {
  const known = knownValue(environment);
  if (known === undefined) return undefined;
  return variables.flatMap((name) => effectiveVariable(known, name) ?? [])[0];
}

/** What source and the environment do to one property, for the trace: the first of its rows. */
export function rowStatements(
  source: SourceSettings,
  property: SourceProperty,
  environment: Reading<Environment>,
  shown: (value: unknown) => string,
): readonly Statement[] {
  const [row] = settingsOf(source, property);
  if (row === undefined) return [];
  const { resolved, default: before } = row;
  if (resolved.state !== "known")
    return [{ layer: "source", says: "unknown", where: resolved.reason }];
  return rowSteps<string>(row, environment, {
    ...(before === undefined ? {} : { before: shown(before) }),
    after: shown(resolved.value),
    tell: (value, where) => ({ says: "sets", value, where }),
  });
}

/** `on` and `off`, as the live layers tell a switch. */
export function shownSwitch(value: unknown): string {
  return value === true ? "on" : "off";
}
