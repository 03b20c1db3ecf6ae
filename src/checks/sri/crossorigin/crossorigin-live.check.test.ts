import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage } from "../../../core/http-page.ts";
import type { HttpBody, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { sriCrossoriginLive } from "./crossorigin-live.check.ts";

const URL = "https://www.example.com/";
const integrity = `sha384-${"A".repeat(64)}`;
const at = { line: 4, column: 3 };

function siteOf(page: Partial<HttpPage>, body: Partial<HttpBody> = {}): HttpSite {
  const answer = exampleAnswer(URL, [], { body: exampleBody(page, body) });
  return exampleSite([], { https: exampleSide(answer) });
}

const script = (crossorigin?: string, src = "https://cdn.example/a.js") =>
  siteOf({ scripts: [{ src, integrity, at, ...(crossorigin !== undefined && { crossorigin }) }] });
const link = (rel: string) =>
  siteOf({ links: [{ rel, href: "https://cdn.example/a", integrity, at }] });

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["anonymous", script("anonymous"), "pass"],
  ["empty", script(""), "pass"],
  ["any other word means anonymous", script("yes"), "pass"],
  ["missing", script(), "warn", "crossorigin-missing"],
  ["with credentials", script("Use-Credentials"), "warn", "with-credentials"],
  ["a style sheet without", link("stylesheet"), "warn", "crossorigin-missing"],
  ["a preload without", link("preload"), "warn", "crossorigin-missing"],
  ["the own origin", script(undefined, "/a.js"), "skip"],
  ["no integrity", siteOf({ scripts: [{ src: "https://cdn.example/a.js", at }] }), "skip"],
  ["a cut page", siteOf({}, { cut: "size" }), "unknown"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`sri.crossorigin: ${name} is ${status}`, () => {
    const outcome = sriCrossoriginLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence is the tag's place", () => {
  const outcome = sriCrossoriginLive.evaluate({ sites: [script()] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: URL, excerpt: 'line 4, column 3, <script src="https://cdn.example/a.js">' },
  ]);
});
