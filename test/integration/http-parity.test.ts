import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { OBSERVATORY_RESULTS } from "../../src/grades/observatory/results.ts";
import { differencesOf } from "./http-parity.ts";
import { makeCertificates } from "./http-replay.ts";
import { liveExpectation, type ScenarioRow } from "./http-scenario.ts";
import { createScratch, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
const certificates = makeCertificates(scratch.directory);
const rows = readFileSync(join(ROOT, "test/data/http/scenarios.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line): ScenarioRow => JSON.parse(line));

/** Not reachable by a live scan: the Observatory's own fault (quirk cors-universal). */
const NEVER_LIVE = "cross-origin-resource-sharing-implemented-with-universal-access";

test("the rows hold every result a live scan can have", () => {
  const seen = new Set(
    rows.flatMap((row) => {
      const expected = liveExpectation(row);
      return expected?.ok ? Object.values(expected.tests).map(({ result }) => result) : [];
    }),
  );
  const missing = Object.keys(OBSERVATORY_RESULTS).filter((code) => !seen.has(code));
  assert.deepEqual(missing, [NEVER_LIVE]);
});

for (const row of rows) {
  test(`${row.id} (${row.tags.join(", ")}) is graded as the Observatory grades it`, async () => {
    assert.deepEqual(await differencesOf(row, certificates), []);
  });
}
