import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersXFrameOptionsSource } from "./x-frame-options-source.check.ts";

const PROPERTY = "header.x-frame-options";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["DENY", "DENY", "pass"],
  ["SAMEORIGIN", "SAMEORIGIN", "warn", "same-origin"],
  ["none", null, "fail", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`headers.x-frame-options in source: ${name} is ${status}`, () => {
    const outcome = headersXFrameOptionsSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

const CONDITIONS: readonly [condition: string, status: string, rule: string][] = [
  ["only on /api/:path*", "fail", "missing"],
  ["only on /embed", "fail", "missing"],
  ["only on /:path*", "warn", "conditional"],
  ["request.user", "warn", "conditional"],
];

for (const [condition, status, rule] of CONDITIONS) {
  test(`headers.x-frame-options in source: set ${condition} is ${status}`, () => {
    const row = sourceRow(PROPERTY, "DENY", { condition });
    const outcome = headersXFrameOptionsSource.evaluate({}, sourceWanted([row]));
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

const BEHIND: readonly [name: string, lines: string, status: string, rule?: string][] = [
  ["hidden by nginx", "proxy_hide_header X-Frame-Options;", "fail", "missing"],
  [
    "beside another value of nginx",
    "add_header X-Frame-Options SAMEORIGIN always;",
    "fail",
    "conflict",
  ],
  ["beside the same value of nginx", "add_header X-Frame-Options DENY always;", "pass"],
  [
    "replaced by nginx",
    "proxy_hide_header X-Frame-Options; add_header X-Frame-Options SAMEORIGIN always;",
    "skip",
  ],
];

for (const [name, lines, status, rule] of BEHIND) {
  test(`headers.x-frame-options in source: DENY, ${name}, is ${status}`, () => {
    const nginx = `server { listen 443 ssl; location / { proxy_pass http://127.0.0.1:8000; ${lines} } }`;
    const outcome = headersXFrameOptionsSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, "DENY")], nginx),
    );
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("headers.x-frame-options in source: the evidence is the place in source", () => {
  const outcome = headersXFrameOptionsSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "SAMEORIGIN")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
