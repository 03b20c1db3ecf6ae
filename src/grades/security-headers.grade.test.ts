import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpBody, HttpField } from "../core/http-site.ts";
import { exampleAnswer, exampleBody, exampleSide, exampleSite } from "../core/http-site-example.ts";
import {
  GRADED_HEADERS,
  gradeSecurityHeaders,
  toSecurityHeadersReport,
} from "./security-headers.grade.ts";

const INLINE = "the policy lets inline or evaluated scripts run";
const UNREAD = "the policy cannot be read, or the answer not to its end";
const CASES: readonly [name: string, policy: string, body: Partial<HttpBody>, because?: string][] =
  [
    ["tight", "default-src 'self'", {}],
    ["that lets inline scripts run", "default-src 'self' 'unsafe-inline'", {}, INLINE],
    ["without scripts", "img-src 'self'", {}, INLINE],
    ["named twice", "default-src 'self'; default-src 'none'", {}, UNREAD],
    ["of an endless page", "default-src 'self'", { cut: "time" }, UNREAD],
  ];

for (const [name, policy, body, because] of CASES) {
  test(`a policy ${name}: ${because ?? "A+"}`, () => {
    const fields = GRADED_HEADERS.map((header): HttpField => {
      return [header, header === "Content-Security-Policy" ? policy : "x"];
    });
    const url = "https://www.example.com/";
    const answer = exampleAnswer(url, fields, { body: exampleBody({}, body) });
    const grade = gradeSecurityHeaders(exampleSite([], { https: exampleSide(answer) }));
    assert.ok(grade !== undefined);
    const report = toSecurityHeadersReport(grade);
    assert.equal(report.grade, because === undefined ? "A+" : "A");
    assert.deepEqual(report.caps, because === undefined ? [] : [{ to: "A", because }]);
  });
}
