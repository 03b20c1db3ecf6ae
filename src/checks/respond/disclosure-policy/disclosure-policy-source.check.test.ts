import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import type { Framework } from "../../../facts/application.fact.ts";
import type { SecurityPolicy } from "../../../facts/security-policy.fact.ts";
import { applicationOf } from "../../judgement/example-facts.ts";
import { respondDisclosurePolicySource } from "./disclosure-policy-source.check.ts";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const policy = (text: string): SecurityPolicy => ({ file: "SECURITY.md", kind: "policy", text });
const contact = (text: string): SecurityPolicy => ({
  file: "security.txt",
  kind: "security.txt",
  text,
});

function judged(files: readonly SecurityPolicy[], framework: readonly Framework[] = ["flask"]) {
  return respondDisclosurePolicySource.evaluate(
    { policies: { files, unread: [] }, clock: { nowMs: NOW } },
    { application: known(applicationOf(...framework)) },
  );
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["an address", judged([policy("Write to security@shop.eu.")]), "pass"],
  ["private advisories", judged([policy("Open a Security Advisory")]), "pass"],
  [
    "the template",
    judged([policy("Use this section to tell people how to report a vulnerability. a@b.org")]),
    "warn template",
  ],
  ["a placeholder", judged([policy("security@example.com")]), "warn placeholder-contact"],
  ["nobody", judged([policy("We care about security.")]), "warn no-contact"],
  [
    "security.txt",
    judged([contact("Contact: mailto:sec@shop.eu\nExpires: 2027-06-30T00:00:00Z\n")]),
    "pass",
  ],
  [
    "expired",
    judged([contact("Contact: mailto:sec@shop.eu\nExpires: 2026-06-30T00:00:00Z\n")]),
    "warn expired",
  ],
  ["no Expires", judged([contact("Contact: mailto:sec@shop.eu\n")]), "warn no-expires"],
  ["no Contact", judged([contact("Expires: 2027-06-30T00:00:00Z\n")]), "warn no-contact"],
  [
    "one of two",
    judged([
      policy("nothing"),
      contact("Contact: https://shop.eu/x\nExpires: 2027-06-30T00:00:00Z\n"),
    ]),
    "pass",
  ],
  ["none", judged([]), "warn none"],
  ["none and no source", judged([], []), "skip"],
];
for (const [name, outcome, expected] of cases) {
  test(`respond.disclosure-policy/source: ${name} is ${expected}`, () => {
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}

test("respond.disclosure-policy/source: what cannot be read is unknown", () => {
  const unread = [{ file: "SECURITY.md", problem: { code: "denied", detail: "no" } as const }];
  const outcome = respondDisclosurePolicySource.evaluate(
    { policies: { files: [], unread }, clock: { nowMs: NOW } },
    { application: known(applicationOf("flask")) },
  );
  assert.equal(outcome.status, "unknown");
});
