import assert from "node:assert/strict";
import { test } from "node:test";

import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { ratelimitTrustedIpsSource } from "./trusted-ips-source.check.ts";

const list = (value: unknown, rest: Partial<SourceSetting> = {}) =>
  rowOf("ratelimit.trusted", value, rest);
const field = (value: unknown, rest: Partial<SourceSetting> = {}) =>
  rowOf("ratelimit.trusted-field", value, { subject: "X-Test", ...rest });

type Case = readonly [name: string, rows: readonly SourceSetting[], status: string];
const cases: readonly Case[] = [
  ["nobody", [], "skip"],
  ["one address", [list(["10.1.2.3"])], "pass"],
  ["loopback and its name", [list(["127.0.0.1", "::1", "localhost"])], "pass"],
  ["text with commas", [list("10.1.2.3, 10.1.3.0/24")], "pass"],
  ["an empty list", [list([])], "pass"],
  ["a wide network", [list(["10.1.2.3", "10.0.0.0/8"])], "warn"],
  ["everybody", [list(["0.0.0.0/0"])], "warn"],
  ["a beginning of addresses", [list(["192.168."])], "warn"],
  ["a list of something else", [list(["/health", "/metrics"])], "skip"],
  ["a list that is not known", [list(null, { resolved: UNKNOWN })], "unknown"],
  [
    "a wide one beside what is not known",
    [list(["::/0"]), list(null, { resolved: UNKNOWN })],
    "warn",
  ],
  ["a field that lets past", [field(true)], "warn"],
  ["a field whose token is not set", [field(false)], "pass"],
];
for (const [name, rows, status] of cases) {
  test(`ratelimit.trusted-ips/source: ${name} is ${status}`, () => {
    const outcome = ratelimitTrustedIpsSource.evaluate({ source: sourceOf(...rows) }, {});
    assert.equal(outcome.status, status, JSON.stringify(outcome));
  });
}

test("ratelimit.trusted-ips/source: the finding names the entry, its place and the variable", () => {
  const rows = [list(["10.0.0.0/8"], { variables: ["OFFICE"] })];
  const outcome = ratelimitTrustedIpsSource.evaluate({ source: sourceOf(...rows) }, {});
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(finding.message, "Whole networks go past the limit: 10.0.0.0/8 (app.py:7)");
  assert.match(finding.fix, /^In OFFICE list single addresses/);
  assert.deepEqual([finding.evidence[0].file, finding.evidence[0].line], ["app.py", 7]);
});
