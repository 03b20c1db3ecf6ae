import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageLink } from "../../../core/http-page.ts";
import type { HttpBody, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { sriStylesheetsLive } from "./stylesheets-live.check.ts";

const URL = "https://www.example.com/";
const SHA384 = `sha384-${"A".repeat(64)}`;
const at = { line: 4, column: 3 };

function siteOf(link: Partial<PageLink>, body: Partial<HttpBody> = {}): HttpSite {
  const links = [{ rel: "stylesheet", href: "https://cdn.example/a.css", at, ...link }];
  const answer = exampleAnswer(URL, [], { body: exampleBody({ links }, body) });
  return exampleSite([], { https: exampleSide(answer) });
}

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["integrity", siteOf({ integrity: SHA384 }), "pass"],
  ["none", siteOf({}), "warn", "no-integrity"],
  ["an alternate sheet", siteOf({ rel: "alternate stylesheet" }), "warn", "no-integrity"],
  ["over http", siteOf({ href: "http://cdn.example/a.css" }), "warn", "no-integrity"],
  ["malformed", siteOf({ integrity: "sha256-AAAA" }), "warn", "malformed-integrity"],
  ["the own origin", siteOf({ href: "/a.css" }), "skip"],
  ["an icon", siteOf({ rel: "icon" }), "skip"],
  ["a cut page", siteOf({ integrity: SHA384 }, { cut: "time" }), "unknown"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`sri.stylesheets: ${name} is ${status}`, () => {
    const outcome = sriStylesheetsLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("a sheet that differs by browser is to be served from the own origin", () => {
  const site = siteOf({ href: "https://fonts.googleapis.com/css2?family=Inter" });
  const outcome = sriStylesheetsLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.match(outcome.findings[0].fix, /from your own origin/);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: URL,
      excerpt: 'line 4, column 3, <link rel="stylesheet" href="https://fonts.googleapis.com/css2">',
    },
  ]);
});
