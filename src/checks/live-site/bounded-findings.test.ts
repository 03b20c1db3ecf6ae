import assert from "node:assert/strict";
import { test } from "node:test";

import type { Finding } from "../../core/check.ts";
import { boundedFindings, FINDINGS_MAX } from "./bounded-findings.ts";

const finding = (at: number, status: "warn" | "fail" = "warn"): Finding => ({
  rule: "r",
  status,
  message: `m${at}`,
  fix: "f",
  evidence: [{ url: "https://a.example/", excerpt: "x" }],
});
const many = (count: number) => Array.from({ length: count }, (_, at) => finding(at));

test("as many findings as the limit are told whole", () => {
  assert.deepEqual(boundedFindings([]), []);
  assert.deepEqual(boundedFindings(many(FINDINGS_MAX)), many(FINDINGS_MAX));
});

test("beyond it their number is told, with the worst of them", () => {
  const bounded = boundedFindings([...many(FINDINGS_MAX + 2), finding(7, "fail")]);
  assert.equal(bounded.length, FINDINGS_MAX + 1);
  assert.deepEqual(bounded.at(-1), {
    ...finding(7, "fail"),
    message: "3 more findings are left out, the first: m7",
  });
});
