import type { Quirk } from "./quirks.ts";
import type { ObservatoryCodes, ObservatoryTest } from "./results.ts";

/** What one test found, and where the method departs from browsers or specifications in finding it. */
export interface Verdict<T extends ObservatoryTest = ObservatoryTest> {
  readonly result: ObservatoryCodes[T];
  readonly quirks: readonly Quirk[];
}

/** The names of the quirks that apply. */
export function quirksWhere(
  conditions: Readonly<Partial<Record<Quirk, boolean>>>,
): readonly Quirk[] {
  return Object.entries(conditions).flatMap(
    ([name, applies]) => (applies ? [name as Quirk] : []), // The keys are quirks by type.
  );
}
