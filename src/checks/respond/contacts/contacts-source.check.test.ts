import assert from "node:assert/strict";
import { test } from "node:test";
import type { SecurityPolicy } from "../../../facts/security-policy.fact.ts";
import { respondContactsSource } from "./contacts-source.check.ts";

const cases: readonly (readonly [string, SecurityPolicy["kind"], string, string])[] = [
  ["a contact", "security.txt", "Contact: mailto:sec@shop.eu\n", "pass"],
  [
    "one that can be reached beside a placeholder",
    "security.txt",
    "Contact: mailto:a@yourdomain.com\nContact: https://shop.eu/s\n",
    "pass",
  ],
  ["a placeholder", "security.txt", "Contact: mailto:security@yourdomain.com\n", "skip"],
  ["none", "security.txt", "Expires: 2027-06-30T00:00:00Z\n", "skip"],
  ["a policy is none", "policy", "Contact: mailto:sec@shop.eu\n", "skip"],
];
for (const [name, kind, text, status] of cases) {
  test(`respond.contacts/source: ${name} is ${status}`, () => {
    const policies = { files: [{ file: "static/security.txt", kind, text }], unread: [] };
    const outcome = respondContactsSource.evaluate({ policies }, {});
    assert.equal(outcome.status, status, JSON.stringify(outcome));
  });
}

test("respond.contacts/source: the line is quoted, and a failing neighbour is none of its matter", () => {
  const text = "# ours\nContact: mailto:sec@shop.eu\n";
  const policies = {
    files: [{ file: "a/security.txt", kind: "security.txt" as const, text }],
    unread: [],
  };
  const outcome = respondContactsSource.evaluate({ policies }, {});
  assert.ok(outcome.status === "pass");
  assert.deepEqual(outcome.evidence, [
    { file: "a/security.txt", line: 2, excerpt: "Contact: mailto:sec@shop.eu" },
  ]);
});
