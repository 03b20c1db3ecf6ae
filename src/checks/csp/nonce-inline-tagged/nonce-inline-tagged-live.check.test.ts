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
import { cspNonceInlineTaggedLive } from "./nonce-inline-tagged-live.check.ts";

const URL = "https://www.example.com/";
const N = "Zk3nQ8sVwXr2Lp7TbYc1Dg";
const HASH = `${"A".repeat(43)}=`;
const POLICY = `script-src 'nonce-${N}' 'sha256-${HASH}'; style-src 'self' 'nonce-${N}'`;
const at = { line: 7, column: 2 };
const code = { sha256: "x", length: 5 };
const handler = { element: "button", attribute: "onclick", sha256: HASH, length: 3, at };

function siteOf(page: Partial<HttpPage>, policy = POLICY, body: Partial<HttpBody> = {}): HttpSite {
  const answer = exampleAnswer(URL, [["Content-Security-Policy", policy]], {
    body: exampleBody(page, body),
  });
  return exampleSite([], { https: exampleSide(answer) });
}

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["a tagged script", siteOf({ scripts: [{ inline: code, nonce: N, at }] }), "pass"],
  ["a hashed script", siteOf({ scripts: [{ inline: { ...code, sha256: HASH }, at }] }), "pass"],
  ["a script without tag", siteOf({ scripts: [{ inline: code, at }] }), "warn", "untagged"],
  [
    "a script with another nonce",
    siteOf({ scripts: [{ inline: code, nonce: "old", at }] }),
    "warn",
    "nonce-mismatch",
  ],
  [
    "a block of data",
    siteOf({ scripts: [{ inline: code, type: "application/ld+json", at }] }),
    "pass",
  ],
  ["a file", siteOf({ scripts: [{ src: "/a.js", at }] }), "pass"],
  ["a tagged style", siteOf({ styles: [{ ...code, nonce: N, at }] }), "pass"],
  ["a style without tag", siteOf({ styles: [{ ...code, at }] }), "warn", "untagged"],
  [
    "a style that 'unsafe-inline' lets in",
    siteOf({ styles: [{ ...code, at }] }, `script-src 'nonce-${N}'; style-src 'unsafe-inline'`),
    "warn",
    "untagged",
  ],
  ["a style attribute", siteOf({ styleAttributes: [{ ...handler, attribute: "style" }] }), "pass"],
  [
    "a handler whose hash does not count for handlers",
    siteOf({ handlers: [handler] }),
    "warn",
    "untagged",
  ],
  [
    "a handler let in by hash",
    siteOf({ handlers: [handler] }, `${POLICY}; script-src-attr 'unsafe-hashes' 'sha256-${HASH}'`),
    "pass",
  ],
  [
    "a javascript: URL",
    siteOf({ handlers: [{ ...handler, element: "a", attribute: "href", sha256: "y" }] }),
    "warn",
    "untagged",
  ],
  ["nothing inline", siteOf({}), "pass"],
  ["a cut page", siteOf({}, POLICY, { cut: "size" }), "unknown"],
  ["a list that was cut", siteOf({ cut: ["scripts"] }), "unknown"],
  ["no nonce", siteOf({ scripts: [{ inline: code, at }] }, "script-src 'self'"), "skip"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`csp.nonce-inline-tagged: ${name} is ${status}`, () => {
    const outcome = cspNonceInlineTaggedLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence is page and place", () => {
  const site = siteOf({ handlers: [handler] });
  const outcome = cspNonceInlineTaggedLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: URL, excerpt: "line 7, column 2, <button onclick>" },
  ]);
});
