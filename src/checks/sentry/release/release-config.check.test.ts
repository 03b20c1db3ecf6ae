import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, type Reading } from "../../../core/reading.ts";
import type { Release } from "../../../facts/release.fact.ts";
import type { VersionFile } from "../../../facts/version-file.fact.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentryReleaseConfig } from "./release-config.check.ts";

const NOTHING = { release: absent("no .git"), version: absent("no file VERSION") };

function judged(...example: Parameters<typeof sentryExample>) {
  const [facts, readings] = sentryExample(...example);
  return sentryReleaseConfig.evaluate(facts, { ...readings, ...NOTHING });
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a release", judged({ SENTRY_RELEASE: "web@1a2b3c4" }, dsnOf()), "pass"],
  ["unset", judged({}, dsnOf()), "warn"],
  ["empty", judged({ SENTRY_RELEASE: "" }, dsnOf()), "warn"],
  ["unexpanded", judged({ SENTRY_RELEASE: "web@$(git rev-parse HEAD)" }, dsnOf()), "warn"],
  ["backticks", judged({ SENTRY_RELEASE: "web@`git rev-parse HEAD`" }, dsnOf()), "warn"],
  ["source's own", judged({}, dsnOf(), rowOf("sentry.release", "sentry.release", "web@2")), "pass"],
  [
    "source, not told",
    judged({}, dsnOf(), rowOf("sentry.release", "sentry.release", undefined)),
    "unknown",
  ],
  ["nothing of Sentry", judged({}, undefined), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.release/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.release/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentryReleaseConfig.evaluate(
    { ...facts, environment },
    { ...readings, ...NOTHING },
  );
  assert.equal(outcome.status, "unknown");
});

test("sentry.release/config: a shell expression is quoted at its place", () => {
  const outcome = judged({ SENTRY_RELEASE: "web@$(git rev-parse HEAD)" }, dsnOf());
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "release-unexpanded");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:1");
});

const COMMIT = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";
const HEAD = { release: known({ id: COMMIT, from: "/srv/.git" }) };
const ABOVE = { release: known({ id: COMMIT, from: "/.git", isFromAbove: true as const }) };
const TOLD = { release: known({ id: "2026.11", from: "--release" }) };
const VERSION = { version: known({ file: "VERSION", version: "1.4.2" }) };

const tagged = (here: readonly string[], elsewhere: readonly string[] = []) => ({
  release: known({ id: COMMIT, from: "/srv/.git", tags: { here, elsewhere } }),
});

interface Beside {
  readonly release?: Reading<Release>;
  readonly version?: Reading<VersionFile>;
}

const deployed: readonly (readonly [text: string, beside: Beside, expected: string])[] = [
  ["web@5f3c1e0", HEAD, "pass"],
  ["web@1.4.2-3-g5f3c1e0a", HEAD, "pass"],
  ["web@1.4.2+5F3C1E0", HEAD, "pass"],
  ["web@1a2b3c4", HEAD, "warn release-stale"],
  ["web@0.3.2-3-g1a2b3c4", HEAD, "warn release-stale"],
  ["web@5f3c1e0", ABOVE, "pass"],
  ["web@1a2b3c4", ABOVE, "pass"],
  ["web@20261128", HEAD, "pass"],
  ["web@0.3.2", HEAD, "pass"],
  ["web@1.4.2", VERSION, "pass"],
  ["v1.4.2", VERSION, "pass"],
  ["web@1.4.20", VERSION, "warn release-stale"],
  ["web@0.3.2", VERSION, "warn release-stale"],
  ["web@0.3.2", { ...HEAD, ...VERSION }, "warn release-stale"],
  ["web@5f3c1e0", { ...HEAD, ...VERSION }, "pass"],
  ["web@1.4.2", { ...HEAD, ...VERSION }, "pass"],
  ["web@nightly", VERSION, "pass"],
  ["web@2026.11", TOLD, "pass"],
  ["web@12026.11", TOLD, "warn release-stale"],
  ["web@5f3c1e0a9", { release: known({ id: "5f3c1e0", from: "--release" }) }, "pass"],
  ["web@2026.10", TOLD, "warn release-stale"],
  ["web@1.4.2", tagged(["v1.4.2"]), "pass"],
  ["1.4.2", tagged(["nightly", "shop@1.4.2"], ["v1.4.1"]), "pass"],
  ["web@1.4.1", tagged(["v1.4.2"], ["v1.4.1"]), "warn release-stale"],
  ["web@1.4.1", tagged(["v1.4.2"]), "warn release-stale"],
  ["web@1.4.1", tagged([], ["v1.4.1"]), "warn release-stale"],
  ["web@1.4.1", tagged(["nightly"], ["v1.4.0"]), "pass"],
  ["web@1.4.1-3-g5f3c1e0a", tagged([], ["v1.4.1"]), "pass"],
  ["web@1.4.2", { ...tagged([], ["v1.4.1"]), ...VERSION }, "pass"],
];

for (const [text, given, expected] of deployed) {
  test(`sentry.release/config: ${text} beside ${JSON.stringify(given)} is ${expected}`, () => {
    const [facts, readings] = sentryExample({ SENTRY_RELEASE: text }, dsnOf());
    const outcome = sentryReleaseConfig.evaluate(facts, { ...readings, ...NOTHING, ...given });
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}
