import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { cspNoUnsafeInlineSource } from "./no-unsafe-inline-source.check.ts";

const judged = (value: string | null, more: Partial<SourceSetting> = {}) =>
  cspNoUnsafeInlineSource.evaluate(
    {},
    sourceWanted([sourceRow("header.content-security-policy", value, more)]),
  );

const CASES: readonly [name: string, ReturnType<typeof judged>, status: string, rule?: string][] = [
  ["none of it", judged("script-src 'self'"), "pass"],
  ["in force", judged("script-src 'self' 'unsafe-inline'"), "warn", "unsafe-inline"],
  ["by the default", judged("default-src 'self' 'unsafe-inline'"), "warn", "unsafe-inline"],
  ["beside a nonce", judged("script-src 'nonce-{NONCE}' 'unsafe-inline'"), "pass"],
  ["for styles alone", judged("script-src 'self'; style-src 'unsafe-inline'"), "pass"],
  ["scripts not limited", judged("img-src 'self'"), "warn", "script-unrestricted"],
  ["no policy", judged(null), "skip"],
  [
    "under a condition",
    judged("script-src 'unsafe-inline'", { condition: "x" }),
    "warn",
    "unsafe-inline",
  ],
  ["off here", judged("script-src 'unsafe-inline'", { condition: "x", isOff: true }), "skip"],
  ["computed", judged("", { resolved: { state: "unknown", reason: "at run time" } }), "unknown"],
];

for (const [name, outcome, status, rule] of CASES) {
  test(`csp.no-unsafe-inline in source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("csp.no-unsafe-inline in source: the evidence is the place in source", () => {
  const outcome = judged("script-src 'unsafe-inline'");
  assert.ok("findings" in outcome);
  const [{ file, line }] = outcome.findings[0].evidence;
  assert.deepEqual([file, line], ["web/security.py", 5]);
});
