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
 * makes of it (`after`): in the file or unit that gives it (layer config), and in the running process (layer host).
 */
export function rowSteps<Value>(
  row: SourceSetting,
  environment: Reading<Environment>,
  { before, after, tell }: { readonly before?: Value; readonly after: Value; tell: Telling<Value> },
): readonly Statement[] {
  const where = sourcePlace(row);
  const variables = variablesOf(environment, row);
  const [effective] = variables;
  if (effective === undefined || before === after)
    return [{ layer: "source", ...tell(after, where) }];
  const inner: Omit<Statement, "layer"> =
    before === undefined
      ? { says: "passes-on", where: `reads ${effective.key}: ${where}` }
      : tell(before, where);
  const outer = variables
    .filter(({ fingerprint }) => fingerprint === effective.fingerprint)
    .map((variable): Statement => {
      const [layer, place] = [layerOf(variable), placeOf(variable)];
      const told = tell(after, place);
      // A variable that takes away what the code would set does not hand it on.
      return inner.says === "sets" && told.says === "passes-on"
        ? { layer, says: "drops", where: place }
        : { layer, ...told };
    });
  const file = outer.find(({ layer }) => layer === "config");
  const process = outer.find(({ layer }) => layer === "host");
  return [{ layer: "source", ...inner }, ...(file ? [file] : []), ...(process ? [process] : [])];
}

function layerOf({ layer }: Variable): Statement["layer"] {
  return layer === "process" ? "host" : "config";
}

/** Of the first variable of the setting that anybody sets: who sets it, in order of precedence. */
function variablesOf(
  environment: Reading<Environment>,
  { variables }: SourceSetting,
): readonly Variable[] {
  const known = knownValue(environment);
  if (known === undefined) return [];
  const name = variables.find((one) => effectiveVariable(known, one) !== undefined);
  return name === undefined ? [] : (known.variables[name] ?? []);
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
