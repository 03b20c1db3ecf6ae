import { unknownValue, type Value } from "./value.ts";

/** Values in a collection, on all levels: `D = [D, D]` fifty times over holds more than can be walked. */
export const EXTENT_MAX = 20_000;
/** Collections within collections. */
export const NESTING_MAX = 64;

interface Extent {
  readonly size: number;
  readonly nesting: number;
}

const SCALAR: Extent = { size: 1, nesting: 0 };

/** By the list of elements, which copies of a value share: each is counted once. */
const known = new WeakMap<object, Extent>();

/** The value, or an unknown one in the place of a collection too large to be walked. */
export function withinExtent(value: Value): Value {
  if (value.kind !== "list" && value.kind !== "dict") return value;
  const { size, nesting } = extentOf(value);
  if (size <= EXTENT_MAX && nesting <= NESTING_MAX) return value;
  return unknownValue("a collection too large to work out", [value.origin]);
}

function extentOf(value: Value): Extent {
  if (value.kind !== "list" && value.kind !== "dict") return SCALAR;
  const parts = value.kind === "list" ? value.items : value.entries;
  const before = known.get(parts);
  if (before !== undefined) return before;
  let size = 1;
  let nesting = 0;
  for (const part of parts) {
    const inner = extentOf("kind" in part ? part : part.value);
    size += inner.size;
    nesting = Math.max(nesting, inner.nesting);
  }
  const extent = { size, nesting: nesting + 1 };
  known.set(parts, extent);
  return extent;
}
