import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { DependencyUpdates, LockUpdate } from "../../../facts/dependency-updates.fact.ts";
import { depsUpdateCadenceSource } from "./update-cadence-source.check.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const DAY = 86_400_000;
const COMMIT = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";

function lockOf(ageMs: number, file = "uv.lock", isCutOff = false): LockUpdate {
  return { file, last: known({ commit: COMMIT, committedMs: NOW - ageMs, isCutOff }) };
}

function botOf(ageMs: number | undefined): DependencyUpdates["bots"] {
  const last =
    ageMs === undefined ? absent("x") : known({ commit: COMMIT, committedMs: NOW - ageMs });
  return [{ name: "dependabot", file: ".github/dependabot.yml", last }];
}

function judged(
  locks: readonly [LockUpdate, ...LockUpdate[]],
  bots: DependencyUpdates["bots"] = [],
) {
  const facts = { updates: { locks, bots }, clock: { nowMs: NOW } };
  return depsUpdateCadenceSource.evaluate(facts, {});
}

const NEVER: LockUpdate = { file: "uv.lock", last: absent("no commit touches uv.lock") };
const UNREAD: LockUpdate = { file: "uv.lock", last: unknown("unsupported", "x") };

const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["of today", judged([lockOf(0)]), "pass"],
  ["31 days old", judged([lockOf(31 * DAY)]), "pass"],
  ["older by a second", judged([lockOf(31 * DAY + 1_000)]), "warn not-updated"],
  ["one of two is old", judged([lockOf(0), lockOf(40 * DAY, "b/yarn.lock")]), "warn not-updated"],
  ["old, an update merged", judged([lockOf(40 * DAY)], botOf(31 * DAY)), "pass"],
  ["old, an old update", judged([lockOf(40 * DAY)], botOf(32 * DAY)), "warn not-updated"],
  ["old, no update", judged([lockOf(40 * DAY)], botOf(undefined)), "warn not-updated"],
  ["never committed", judged([NEVER]), "warn never-committed"],
  ["history not read", judged([UNREAD]), "unknown"],
  ["history not read beside an old one", judged([UNREAD, lockOf(40 * DAY)]), "warn not-updated"],
  ["history not read beside a new one", judged([lockOf(0), UNREAD]), "unknown"],
  ["cut off", judged([lockOf(0, "uv.lock", true)]), "unknown"],
  ["cut off and old", judged([lockOf(40 * DAY, "uv.lock", true)]), "warn not-updated"],
  ["a clock ahead by a day", judged([lockOf(-DAY)]), "pass"],
  ["dated in the future", judged([lockOf(-DAY - 1_000)]), "unknown"],
];

for (const [name, outcome, expected] of cases) {
  test(`deps.update-cadence/source: ${name} is ${expected}`, () => {
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}

test("deps.update-cadence/source: date, days and the command that updates are said", () => {
  const outcome = judged([lockOf(40 * DAY, "web/package-lock.json")]);
  assert.ok(outcome.status === "warn");
  const [{ message, fix, evidence, isAbsence }] = outcome.findings;
  assert.equal(message, "web/package-lock.json was last changed on 2026-10-19, 40 days ago");
  assert.match(fix, /^npm update, /);
  assert.deepEqual(evidence, [
    { file: "web/package-lock.json", excerpt: "commit 5f3c1e0a9b8d of 2026-10-19" },
  ]);
  assert.equal(isAbsence, true);
});
