import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField } from "../../../core/http-site.ts";
import { closedSide, exampleAnswer, exampleSite } from "../../../core/http-site-example.ts";
import { CSP_LENGTH_MAX } from "../../../parsers/csp/policy.ts";
import { cspNoUnsafeInlineLive } from "./no-unsafe-inline-live.check.ts";

const URL = "https://www.example.com/";
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const page = (value: string) => ({
  url: `${URL}b`,
  answer: exampleAnswer(`${URL}b`, [csp(value)]),
  why: "linked" as const,
});

const CASES: readonly [
  name: string,
  fields: readonly HttpField[],
  status: string,
  rules?: string,
][] = [
  ["own scripts only", [csp("script-src 'self'")], "pass"],
  ["by default-src", [csp("default-src 'self'")], "pass"],
  ["unsafe-inline", [csp("script-src 'unsafe-inline'")], "warn", "unsafe-inline"],
  ["in default-src", [csp("default-src 'self' 'UNSAFE-inline'")], "warn", "unsafe-inline"],
  ["beside a nonce", [csp("script-src 'unsafe-inline' 'nonce-abc'")], "pass"],
  ["beside a hash", [csp(`script-src 'unsafe-inline' 'sha256-${"A".repeat(43)}='`)], "pass"],
  ["beside strict-dynamic", [csp("script-src 'unsafe-inline' 'strict-dynamic'")], "pass"],
  ["in style-src only", [csp("default-src 'self'; style-src 'unsafe-inline'")], "pass"],
  [
    "for handlers alone",
    [csp("script-src 'self'; script-src-attr 'unsafe-inline'")],
    "warn",
    "unsafe-inline",
  ],
  [
    "for both, in two directives",
    [csp("script-src-elem 'unsafe-inline'; script-src-attr 'unsafe-inline'")],
    "warn",
    "unsafe-inline unsafe-inline",
  ],
  [
    "a second policy forbids it",
    [csp("script-src 'unsafe-inline'"), csp("script-src 'self'")],
    "pass",
  ],
  [
    "a second policy says nothing",
    [csp("img-src 'self'"), csp("script-src 'unsafe-inline'")],
    "warn",
    "unsafe-inline",
  ],
  ["nothing on scripts", [csp("frame-ancestors 'none'")], "warn", "script-unrestricted"],
  [
    "report-only",
    [["Content-Security-Policy-Report-Only", "script-src 'self'"]],
    "warn",
    "report-only",
  ],
  ["no policy", [], "skip"],
  [
    "beyond what is read",
    [csp(`default-src 'self'; img-src ${"a".repeat(CSP_LENGTH_MAX)}; script-src 'unsafe-inline'`)],
    "unknown",
  ],
];

for (const [name, fields, status, rules] of CASES) {
  test(`csp.no-unsafe-inline: ${name} is ${status}`, () => {
    const outcome = cspNoUnsafeInlineLive.evaluate({ sites: [exampleSite(fields)] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("each page is named, the directive quoted", () => {
  const value = "script-src 'unsafe-inline'; img-src 'self'";
  const extra = { paths: [page(value)], external: [] };
  const outcome = cspNoUnsafeInlineLive.evaluate(
    { sites: [exampleSite([csp(value)], { extra })] },
    {},
  );
  assert.ok("findings" in outcome);
  const excerpt = "Content-Security-Policy: script-src 'unsafe-inline'";
  assert.equal(outcome.findings.length, 1);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: URL, excerpt },
    { url: `${URL}b`, excerpt },
  ]);
});

test("what did not answer is unknown", () => {
  const site = exampleSite([], {
    http: closedSide("http://www.example.com/"),
    https: closedSide(URL),
  });
  assert.equal(cspNoUnsafeInlineLive.evaluate({ sites: [site] }, {}).status, "unknown");
});
