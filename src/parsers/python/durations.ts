import type { CallArguments, Value } from "./value.ts";

/** Units of `datetime.timedelta`, in the order of its arguments. */
const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["days", 86_400],
  ["seconds", 1],
  ["microseconds", 1e-6],
  ["milliseconds", 1e-3],
  ["minutes", 60],
  ["hours", 3_600],
  ["weeks", 604_800],
];

/** Seconds of `timedelta(...)` or of a number; `undefined` for what is neither or not known. */
export function secondsOf(value: Value): number | undefined {
  if (value.kind === "number") return value.number;
  if (value.kind !== "external" || value.made === undefined) return undefined;
  return /(?:^|\.)timedelta\(\)$/.test(value.path) ? sum(value.made.call) : undefined;
}

function sum({ positional, named, isOpen }: CallArguments): number | undefined {
  if (isOpen) return undefined;
  let seconds = 0;
  for (const [index, [name, factor]] of UNITS.entries()) {
    const given = named.get(name) ?? positional[index];
    if (given === undefined) continue;
    if (given.kind !== "number") return undefined;
    seconds += given.number * factor;
  }
  return seconds;
}
