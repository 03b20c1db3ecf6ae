import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField } from "../../core/http-site.ts";
import { wholeSite } from "./example-answers.ts";
import { judgeAnswers, VALUE_CHARACTERS_MAX, VALUES_SHOWN } from "./judge-answers.ts";

function firstRow(fields: readonly HttpField[]): string {
  const outcome = judgeAnswers([wholeSite({ page: fields })], {
    fields: ["X"],
    fix: { generic: "mend" },
    good: "good",
    inapplicable: "none",
    concerns: () => true,
    faults: () => [],
  });
  assert.ok("evidence" in outcome);
  return outcome.evidence[0]?.excerpt ?? "";
}

test("a value is quoted up to the limit and cut beyond", () => {
  const whole = "a".repeat(VALUE_CHARACTERS_MAX);
  assert.equal(firstRow([["x", whole]]), `200, main page: X: ${whole}`);
  assert.equal(firstRow([["x", `${whole}b`]]), `200, main page: X: ${whole}…`);
});

test("lines of one field are quoted up to the limit and counted beyond", () => {
  const lines = (count: number) => Array.from({ length: count }, (): HttpField => ["X", "1"]);
  const shown = Array.from({ length: VALUES_SHOWN }, () => "X: 1").join("; ");
  assert.equal(firstRow(lines(VALUES_SHOWN)), `200, main page: ${shown}`);
  assert.equal(firstRow(lines(VALUES_SHOWN + 2)), `200, main page: ${shown}; and 2 times more`);
});

test("three places are named and the others counted", () => {
  const outcome = judgeAnswers([wholeSite({ page: [] })], {
    fields: ["X"],
    fix: { generic: "mend" },
    good: "good",
    inapplicable: "none",
    concerns: () => true,
    faults: () => [{ rule: "bad", status: "warn", what: "Bad" }],
  });
  assert.ok("findings" in outcome);
  assert.equal(
    outcome.findings[0].message,
    "Bad on https://www.example.com/, http://www.example.com/ (301), https://www.example.com/static/app.js (200) and 2 more",
  );
});

test("one fault makes one finding, the worst status counts; others of its rule are told apart", () => {
  const outcome = judgeAnswers([wholeSite({ page: [] })], {
    fields: ["X"],
    fix: { generic: "mend" },
    good: "good",
    inapplicable: "none",
    concerns: ({ kind }) => kind !== "redirect" && kind !== "path",
    faults: ({ kind }) => [
      { rule: "bad", status: kind === "asset" ? "fail" : "warn", what: "Bad" },
      ...(kind === "page" ? [{ rule: "bad", status: "warn", what: "Odd" } as const] : []),
    ],
  });
  assert.ok("findings" in outcome);
  const site = "https://www.example.com/";
  assert.deepEqual(
    outcome.findings.map(({ status, subject, message }) => [status, subject, message]),
    [
      [
        "fail",
        site,
        `Bad on ${site}, ${site}static/app.js (200), the page of a missing address (404)`,
      ],
      ["warn", `${site} 2`, `Odd on ${site}`],
    ],
  );
});

test("the second answer is a place of its own only where the first is none", () => {
  const outcome = judgeAnswers([wholeSite({ page: [] })], {
    fields: ["X"],
    fix: { generic: "mend" },
    good: "good",
    inapplicable: "none",
    concerns: () => true,
    faults: ({ kind }) => (kind === "again" ? [{ rule: "bad", status: "fail", what: "Bad" }] : []),
  });
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].message, "Bad on https://www.example.com/ (asked again)");
});

test("a fault's own fix stands before the rule's, each in the words of the server", () => {
  const outcome = judgeAnswers([wholeSite({ page: [["Server", "nginx/1.22.1"]] })], {
    fields: ["X"],
    fix: { nginx: "the rule's", generic: "mend" },
    good: "good",
    inapplicable: "none",
    concerns: ({ kind }) => kind === "page",
    faults: () => [
      { rule: "bad", status: "fail", what: "Bad" },
      { rule: "odd", status: "fail", what: "Odd", fix: { nginx: "its own", generic: "other" } },
    ],
  });
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings.map(({ fix }) => fix),
    ["nginx: the rule's", "nginx: its own"],
  );
});
