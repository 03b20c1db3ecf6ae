const ON: ReadonlySet<string> = new Set(["1", "true", "yes", "on", "y", "t"]);
const OFF: ReadonlySet<string> = new Set(["0", "false", "no", "off", "n", "f"]);

/**
 * What an environment text says where no idiom of the code is known (catalog G5), in any case and
 * with blanks around it. `undefined`: ambiguous, also for the empty text.
 */
export function booleanOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (ON.has(word)) return true;
  return OFF.has(word) ? false : undefined;
}

/** Whether Python takes a resolved JSON value for true: `"0"` and `"False"` are texts, hence true. */
export function isTruthyInPython(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
