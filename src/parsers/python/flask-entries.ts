import type { CallSite } from "./machine.ts";
import { type Machine, uncertainty } from "./machine.ts";
import { mergeValues } from "./merge-values.ts";
import type { Place } from "./syntax.ts";
import type { ConfigEntry, Value } from "./value.ts";

/** What an application's `config` holds so far. */
export type Config = Map<string, ConfigEntry>;

/** Sets a key; under a condition that is not known it may be what it was. */
export function setEntry(
  machine: Machine,
  config: Config,
  name: string,
  value: Value,
  { file, place }: { readonly file: string; readonly place: Pick<Place, "line" | "column"> },
): void {
  const { condition } = uncertainty(machine);
  const before = config.get(name);
  const entry = { value, file, line: place.line, column: place.column };
  if (condition === undefined) config.set(name, entry);
  else if (before === undefined) config.set(name, { ...entry, condition });
  else config.set(name, { ...entry, value: mergeValues(before.value, value, condition, []) });
}

/** Any key may be set there, or set again. */
export function hideEntries(
  machine: Machine,
  config: Config,
  { scope, place }: CallSite,
  detail: string,
): void {
  machine.hiddenConfig.push({ file: scope.file, line: place.line, detail });
  for (const [name, entry] of config)
    config.set(name, {
      ...entry,
      value: { kind: "unknown", reason: detail, origin: entry.value.origin },
    });
}
