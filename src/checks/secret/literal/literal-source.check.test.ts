import assert from "node:assert/strict";
import { test } from "node:test";
import type { SecretLiteral, SecretLiterals } from "../../../facts/secret-literals.fact.ts";
import { SECRET_CLASSES } from "../../../facts/secret-literals.fact.ts";
import { secretLiteralSource } from "./literal-source.check.ts";

const ROW: SecretLiteral = {
  slug: "secret.literal",
  file: "app/settings.py",
  line: 12,
  column: 1,
  kind: "literal",
  value: "set, 40 chars, fp:1a2b3c4d",
  detector: "assignment",
  subject: "API_KEY",
  fingerprint: "1a2b3c4d",
};

function judged(literals: readonly SecretLiteral[], more: Partial<SecretLiterals> = {}) {
  const scan = {
    literals,
    published: [],
    filesScanned: 3,
    unread: [],
    isTruncated: false,
    ...more,
  };
  return secretLiteralSource.evaluate({ scan }, {});
}

const HIDDEN = [{ file: "conf.yml", code: "denied", detail: "may not be read" }] as const;

const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["nothing written", judged([]), "pass"],
  ["a secret", judged([ROW]), "fail"],
  ...SECRET_CLASSES.filter((slug) => slug !== "secret.literal").map(
    (slug) => [slug, judged([{ ...ROW, slug }]), "pass"] as const,
  ),
  ["a file that cannot be read", judged([], { unread: HIDDEN }), "unknown"],
  ["a secret beside a file that cannot be read", judged([ROW], { unread: HIDDEN }), "fail"],
  ["a tree beyond the limits", judged([], { isTruncated: true }), "unknown"],
  ["no files", judged([], { filesScanned: 0 }), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`secret.literal/source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("secret.literal/source: the finding quotes place and measures, and the fix fits the file", () => {
  const fixes: readonly (readonly [string, RegExp])[] = [
    ["app/settings.py", /write os\.environ\["API_KEY"\] at app\/settings\.py:12/],
    ["src/server.ts", /write process\.env\.API_KEY at src\/server\.ts:12/],
    ["docker-compose.yml", /write \$\{API_KEY:\?\} at docker-compose\.yml:12/],
    ["Dockerfile", /remove the line at Dockerfile:12/],
    [".env", /git rm --cached '\.env'/],
    ["conf/app.ini", /take it out of conf\/app\.ini \(line 12\)/],
  ];
  for (const [file, fix] of fixes) {
    const outcome = judged([{ ...ROW, file }]);
    assert.ok(outcome.status === "fail");
    const [finding] = outcome.findings;
    assert.match(finding.fix, fix);
    assert.equal(finding.rule, "secret-assigned");
    assert.deepEqual(finding.evidence, [
      { file, line: 12, column: 1, excerpt: "API_KEY: set, 40 chars, fp:1a2b3c4d" },
    ]);
  }
  const issued = judged([{ ...ROW, detector: "github-token", subject: "GitHub OAuth token" }]);
  assert.ok(issued.status === "fail");
  assert.equal(issued.findings[0].rule, "github-token");
  assert.equal(issued.findings[0].message, "A GitHub OAuth token is written in app/settings.py:12");
});
