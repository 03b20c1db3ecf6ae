import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { monitorCspReportsLive } from "./csp-reports-live.check.ts";

const URL = "https://www.example.com/";
const csp = (value: string): HttpField => [
  "Content-Security-Policy",
  `default-src 'self'; ${value}`,
];
const endpoints = (value: string): HttpField => ["Reporting-Endpoints", value];
const GROUP: HttpField = [
  "Report-To",
  '{"group":"csp","max_age":60,"endpoints":[{"url":"https://r.example/"}]}',
];
const plain = exampleSide(exampleAnswer("http://www.example.com/", [csp("report-uri /r")]));

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  [
    "a defined endpoint, its POST untried",
    exampleSite([csp("report-to csp"), endpoints('csp="/r"')]),
    "unknown",
  ],
  ["report-uri, its POST untried", exampleSite([csp("report-uri /r")]), "unknown"],
  ["a dangling name", exampleSite([csp("report-to csp")]), "warn", "undefined-endpoint"],
  [
    "another name",
    exampleSite([csp("report-to csp"), endpoints('other="/r"')]),
    "warn",
    "undefined-endpoint",
  ],
  [
    "malformed endpoints",
    exampleSite([csp("report-to csp"), endpoints("csp=/r")]),
    "warn",
    "undefined-endpoint",
  ],
  ["the older field only", exampleSite([csp("report-to csp"), GROUP]), "warn", "only-in-report-to"],
  ["over http", exampleSite([csp("report-uri http://r.example/")]), "warn", "not-https"],
  [
    "relative on a page over http",
    exampleSite([], { http: plain, https: closedSide(URL) }),
    "warn",
    "not-https",
  ],
  ["no address", exampleSite([csp("report-uri https://[")]), "warn", "bad-url"],
  [
    "a report-only policy",
    exampleSite([["Content-Security-Policy-Report-Only", "default-src 'self'; report-to x"]]),
    "warn",
    "undefined-endpoint",
  ],
  ["no reports", exampleSite([csp("base-uri 'self'")]), "skip"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`monitor.csp-reports: ${name} is ${status}`, () => {
    const outcome = monitorCspReportsLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence quotes the directive, the fix the field to send", () => {
  const outcome = monitorCspReportsLive.evaluate(
    { sites: [exampleSite([csp("report-to csp")])] },
    {},
  );
  assert.ok("findings" in outcome);
  const [{ evidence, fix }] = outcome.findings;
  assert.deepEqual(evidence, [{ url: URL, excerpt: "Content-Security-Policy: report-to csp" }]);
  assert.match(fix, /^Send Reporting-Endpoints: csp="https:\/\/www\.example\.com\/csp-reports"/);
});

test("an endpoint whose POST nobody tried is never a pass, and the reason is told", () => {
  const site = exampleSite([csp("report-to csp; report-uri /r"), endpoints('csp="/r"')]);
  const outcome = monitorCspReportsLive.evaluate({ sites: [site] }, {});
  assert.notEqual(outcome.status, "pass");
  assert.ok(outcome.status === "unknown");
  assert.match(outcome.problem.detail, /whether they take a POST is not tried/);
});

test("the query of an address, which may hold a key, is not quoted", () => {
  const site = exampleSite([csp("report-uri http://u:pw@r.example/?sentry_key=abc123")]);
  const outcome = monitorCspReportsLive.evaluate({ sites: [site] }, {});
  assert.doesNotMatch(JSON.stringify(outcome), /abc123|pw@/);
});
