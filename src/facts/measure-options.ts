import type { EnvironmentValues } from "./environment-values.fact.ts";
import type { MeasureOptions } from "./secret-measure.ts";

/**
 * How a secret of this deployment is measured, wherever it is met: in the environment, or in a
 * setting that took it from there.
 */
export function measureOptions(
  { assignments, published }: Pick<EnvironmentValues, "assignments" | "published">,
  fingerprintKey: string,
): MeasureOptions {
  const names = new Set(assignments.map(({ key }) => key));
  const isSet = (name: string): boolean => names.has(name);
  const open = assignments.filter(
    ({ value, refers = [] }) => value !== "" && refers.some((name) => !isSet(name)),
  );
  const shortened = new Set(open.map(({ value }) => value));
  const samples = new Set(published);
  return {
    fingerprintKey,
    isSet,
    isPublished: (value) => samples.has(value),
    isShortened: (value) => shortened.has(value),
  };
}
