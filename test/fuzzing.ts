import assert from "node:assert/strict";

import fc from "fast-check";

import type { Edit } from "../src/wire/mutation-example.ts";

/** Milliseconds for each property when somebody looks for more: `FUZZ_MS=60000 bin/node --test FILE`. */
const longMs = Number(process.env["FUZZ_MS"] ?? 0);
/** The same at every run of the gate, so that it never fails for somebody else's change. */
const SEED = 0x504c494d;

/** Holds `property` for `runs` inputs of the gate's own, or for fresh ones as long as FUZZ_MS says. */
export function holds<T>(property: fc.IProperty<T>, runs: number): void {
  const startedMs = performance.now();
  fc.assert(
    property,
    longMs > 0
      ? {
          numRuns: Number.MAX_SAFE_INTEGER,
          interruptAfterTimeLimit: longMs,
          markInterruptAsFailure: false,
        }
      : { numRuns: runs, seed: SEED },
  );
  // Far above what they take: one input that hangs a decoder is what this finds.
  if (longMs === 0) assert.ok(performance.now() - startedMs < 20_000);
}

/** Positions mostly near the front, where the lengths are. */
const position = fc.oneof(fc.nat({ max: 120 }), fc.nat({ max: 20_000 }));
const octet = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0x84, 0xff), fc.nat({ max: 255 }));

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("set"), at: position, octet }) },
  fc.record({ do: fc.constant("drop"), at: position, count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant("double"), at: position, count: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ do: fc.constant("cut"), at: position }),
  fc.record({
    do: fc.constant("insert"),
    at: position,
    octets: fc.uint8Array({ minLength: 1, maxLength: 16 }),
  }),
);

/** One to four changes to bytes that were sound. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 4 });
