import { knownValue, type Reading } from "../core/reading.ts";
import type { VariableState } from "../parsers/python/machine.ts";
import {
  type EnvironmentValues,
  effectiveAssignment,
  openVariable,
} from "./environment-values.fact.ts";

/**
 * The effective environment as evaluation asks it. A variable that nothing sets is unknown while
 * an env file in use could not be read: it may be set there.
 */
export function environmentLookUp(
  reading: Reading<EnvironmentValues>,
): (name: string) => VariableState {
  const values = knownValue(reading);
  return (name) => {
    if (values === undefined)
      return reading.state === "unknown"
        ? { state: "unknown", reason: `the environment is not known: ${reading.problem.detail}` }
        : { state: "unset" };
    const assignment = effectiveAssignment(values, name);
    const open = openVariable(values, name, assignment);
    if (open !== undefined) {
      const where = `${open.file}:${open.line}`;
      return { state: "unknown", reason: `the start script may set ${name} (${where})` };
    }
    if (assignment !== undefined) return { state: "set", text: assignment.value };
    const [hidden] = values.unreadable;
    return hidden === undefined
      ? { state: "unset" }
      : { state: "unknown", reason: `${hidden.file} could not be read and may set ${name}` };
  };
}

/** The environment of a program for which nothing is set: what it falls back to. */
export function emptyEnvironment(): VariableState {
  return { state: "unset" };
}

/** An environment of which nothing is known: every branch is looked at. */
export function openEnvironment(): VariableState {
  return { state: "unknown", reason: "it is looked at under any environment" };
}
