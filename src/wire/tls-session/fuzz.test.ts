import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import fc from "fast-check";

import { edits, holds } from "../../../test/fuzzing.ts";
import { edited } from "../mutation-example.ts";
import type { Flow, Incoming } from "./flow.ts";
import { legacyHandshake } from "./legacy-handshake.ts";
import { modernHandshake } from "./modern-handshake.ts";
import { legacyOffer, modernOffer } from "./offers.ts";

const captures = Object.values(
  JSON.parse(
    readFileSync(`${import.meta.dirname}/../tls/fixtures/captures.json`, "utf8"),
  ) as Record<string, { readonly bytes: string }>,
).map(({ bytes }) => Uint8Array.from(Buffer.from(bytes, "base64")));

/** Steps one conversation may take before it is endless. */
const STEPS_MAX = 20_000;

/** Plays the peer that sends `chunks` and then ends as `last` says, to the end of the flow. */
function played<T>(flow: Flow<T>, chunks: readonly Uint8Array[], last: Incoming): T {
  const queue = [...chunks];
  let step = flow.next();
  for (let count = 0; count < STEPS_MAX; count += 1) {
    if (step.done === true) return step.value;
    step = flow.next(step.value.do === "read" ? (queue.shift() ?? last) : "silence");
  }
  throw new assert.AssertionError({ message: "the conversation has no end" });
}

const chunk = fc.oneof(
  fc.tuple(fc.constantFrom(...captures), edits).map(([bytes, changes]) => edited(bytes, changes)),
  fc.constantFrom(...captures),
  fc.uint8Array({ maxLength: 64 }),
);
const script = fc.tuple(
  fc.array(chunk, { maxLength: 6 }),
  fc.constantFrom<Incoming>("end", "reset", "silence"),
);

test("whatever a server says, a handshake of TLS 1.3 ends with a reason", () => {
  holds(
    fc.property(script, ([chunks, last]) => {
      assert.equal(played(modernHandshake(modernOffer(undefined)), chunks, last).kind, "stopped");
    }),
    150,
  );
});

for (const version of ["TLSv1", "TLSv1.2"] as const) {
  test(`whatever a server says, a handshake of ${version} ends with a reason`, () => {
    holds(
      fc.property(script, ([chunks, last]) => {
        assert.equal(played(legacyHandshake(legacyOffer(version)), chunks, last).kind, "stopped");
      }),
      150,
    );
  });
}
