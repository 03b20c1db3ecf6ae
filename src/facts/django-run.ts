import type { Reading } from "../core/reading.ts";
import { createMachine } from "../parsers/python/interpret.ts";
import type { Machine } from "../parsers/python/machine.ts";
import type { Scope } from "../parsers/python/value.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import type { PythonProject } from "./python-project.ts";
import { emptyEnvironment, environmentLookUp } from "./source-environment.ts";

/** Django's settings run under the effective environment, and as they are when no variable is set. */
export interface DjangoRun {
  readonly machine: Machine;
  /** `undefined` where the file could not be read. */
  readonly scope: Scope | undefined;
  readonly unset: Scope | undefined;
}

/** Runs by the environment they ran under: two facts look at the same settings. */
const runs = new WeakMap<Reading<EnvironmentValues>, Map<string, Promise<DjangoRun>>>();

export async function djangoRun(
  environment: Reading<EnvironmentValues>,
  python: PythonProject,
  file: string,
): Promise<DjangoRun> {
  // For each fact: what does not parse is a problem of both.
  await python.loadClosure(file);
  const known = runs.get(environment) ?? new Map<string, Promise<DjangoRun>>();
  runs.set(environment, known);
  const run = known.get(file) ?? runWithNamed(environment, python, file);
  known.set(file, run);
  return run;
}

/** Times the settings are run again because they named files that were not parsed before. */
const ROUNDS_MAX = 3;

async function runWithNamed(
  environment: Reading<EnvironmentValues>,
  python: PythonProject,
  file: string,
): Promise<DjangoRun> {
  for (let round = 1; ; round += 1) {
    const run = runOnce(environment, python, file);
    const { wanted } = run.machine;
    if (wanted.size === 0 || round === ROUNDS_MAX) return run;
    for (const one of wanted) await python.loadClosure(one);
  }
}

function runOnce(
  environment: Reading<EnvironmentValues>,
  python: PythonProject,
  file: string,
): DjangoRun {
  const machine = createMachine(python.under(environmentLookUp(environment)));
  const scope = machine.load(file);
  const unset = createMachine(python.under(emptyEnvironment)).load(file);
  return { machine, scope, unset };
}
