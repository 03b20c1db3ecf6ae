import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage, PageScript } from "../../../core/http-page.ts";
import type { HttpBody, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { sriScriptsLive } from "./scripts-live.check.ts";

const URL = "https://www.example.com/";
const CDN = "https://cdn.example/a.js";
const SHA384 = `sha384-${"A".repeat(64)}`;
const at = { line: 4, column: 3 };

function siteOf(
  scripts: readonly Partial<PageScript>[],
  page: Partial<HttpPage> = {},
  extra: Partial<HttpSite["extra"]> = {},
  body: Partial<HttpBody> = {},
): HttpSite {
  const all = { scripts: scripts.map((script) => ({ at, ...script })), ...page };
  const answer = exampleAnswer(URL, [], { body: exampleBody(all, body) });
  return exampleSite([], {
    https: exampleSide(answer),
    extra: { paths: [], external: [], ...extra },
  });
}

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["integrity", siteOf([{ src: CDN, integrity: SHA384 }]), "pass"],
  ["none", siteOf([{ src: CDN }]), "warn", "no-integrity"],
  ["empty", siteOf([{ src: CDN, integrity: " " }]), "warn", "no-integrity"],
  ["malformed", siteOf([{ src: CDN, integrity: "sha384-AAAA" }]), "warn", "malformed-integrity"],
  ["md5", siteOf([{ src: CDN, integrity: "md5-AAAA" }]), "warn", "unknown-algorithm"],
  [
    "sha1 beside sha384",
    siteOf([{ src: CDN, integrity: `sha1-AAAA ${SHA384}` }]),
    "warn",
    "malformed-integrity",
  ],
  ["over http", siteOf([{ src: "http://cdn.example/a.js" }]), "fail", "plain-without-integrity"],
  ["protocol-relative", siteOf([{ src: "//cdn.example/a.js" }]), "fail", "plain-without-integrity"],
  [
    "protocol-relative with integrity",
    siteOf([{ src: "//cdn.example/a.js", integrity: SHA384 }]),
    "pass",
  ],
  ["a sibling host", siteOf([{ src: "https://static.example.com/a.js" }]), "warn", "no-integrity"],
  ["another port", siteOf([{ src: "https://www.example.com:8443/a.js" }]), "warn", "no-integrity"],
  [
    "by a base",
    siteOf([{ src: "a.js" }], { base: "https://cdn.example/" }),
    "warn",
    "no-integrity",
  ],
  ["the own origin", siteOf([{ src: "//www.example.com/a.js" }]), "skip"],
  ["data", siteOf([{ src: CDN, type: "application/json" }]), "skip"],
  ["no scripts", siteOf([]), "skip"],
  ["a cut page", siteOf([{ src: CDN, integrity: SHA384 }], {}, {}, { cut: "size" }), "unknown"],
  ["a cut page without scripts", siteOf([], { cut: ["scripts"] }), "unknown"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`sri.scripts: ${name} is ${status}`, () => {
    const outcome = sriScriptsLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence is the tag's place without its query, the fix computed where the file was fetched", () => {
  const url = `${CDN}?token=1`;
  const body = exampleBody({}, { sha384: "B".repeat(64) });
  const external = [{ url, answer: exampleAnswer(url, [], { body }) }];
  const fixOf = (site: HttpSite) => {
    const outcome = sriScriptsLive.evaluate({ sites: [site] }, {});
    assert.ok("findings" in outcome);
    assert.deepEqual(outcome.findings[0].evidence, [
      { url: URL, excerpt: `line 4, column 3, <script src="${CDN}">` },
    ]);
    return outcome.findings[0].fix;
  };
  assert.match(fixOf(siteOf([{ src: url }], {}, { external })), /^Add integrity="sha384-B{64}" /);
  assert.match(fixOf(siteOf([{ src: url }])), /curl -s 'https:\/\/cdn\.example\/a\.js' \| openssl/);
});

test("code that adds scripts is told beside a pass", () => {
  const text = "<script>document.createElement('script')</script>";
  const site = siteOf([{ src: CDN, integrity: SHA384 }], {}, {}, { text });
  const outcome = sriScriptsLive.evaluate({ sites: [site] }, {});
  assert.ok(outcome.status === "pass");
  assert.match(outcome.evidence[1]?.excerpt ?? "", /adds script elements/);
});
