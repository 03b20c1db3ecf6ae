import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { sentryPiiAttested } from "./pii-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["scrubbed by the server", exampleStatement("sentry.pii"), "pass"],
  ["nobody attests it", undefined, "skip"],
  [
    "older than a year",
    exampleStatement("sentry.pii", { performed: "2025-11-27", expires: "2027-01-01" }),
    "warn expired",
  ],
];

for (const each of CASES) {
  test(`sentry.pii/attested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(sentryPiiAttested, each), each[2]);
  });
}
