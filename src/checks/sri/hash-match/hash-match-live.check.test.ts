import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { HttpBody, HttpExchange, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { sriHashMatchLive } from "./hash-match-live.check.ts";

const URL = "https://www.example.com/";
const CDN = "https://cdn.example/a-1.2.3.js";
const at = { line: 4, column: 3 };
const digest = (algorithm: string, text = "code", encoding: "base64" | "hex" = "base64") =>
  createHash(algorithm).update(text).digest(encoding);
const served = {
  sha256: digest("sha256", "code", "hex"),
  sha384: digest("sha384"),
  sha512: digest("sha512"),
};

interface Given {
  readonly src?: string;
  readonly answer?: Partial<HttpExchange>;
  readonly body?: Partial<HttpBody>;
  readonly isFetched?: boolean;
}

function siteOf(integrity: string, given: Given = {}): HttpSite {
  const { src = CDN, answer: changes = {}, body = {}, isFetched = true } = given;
  const scripts = [{ src, integrity, at }];
  const page = exampleAnswer(URL, [], { body: exampleBody({ scripts }) });
  const file = exampleAnswer(src, [], {
    body: exampleBody({}, { ...served, ...body }),
    ...changes,
  });
  const external = isFetched ? [{ url: src, answer: file }] : [];
  return exampleSite([], { https: exampleSide(page), extra: { paths: [], external } });
}

const sha = (algorithm: string, text?: string) => `${algorithm}-${digest(algorithm, text)}`;
const failed = siteOf(sha("sha384"), { isFetched: false });
const failure = { kind: "refused", detail: "connection refused" } as const;

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["sha384", siteOf(sha("sha384")), "pass"],
  ["sha256", siteOf(sha("sha256")), "pass"],
  ["one of two", siteOf(`${sha("sha384", "old")} ${sha("sha384")}`), "pass"],
  ["another file", siteOf(sha("sha384", "old")), "fail", "hash-mismatch"],
  [
    "only the weaker one matches",
    siteOf(`${sha("sha384", "old")} ${sha("sha256")}`),
    "fail",
    "hash-mismatch",
  ],
  ["sha512", siteOf(sha("sha512")), "pass"],
  ["another file by sha512", siteOf(sha("sha512", "old")), "fail", "hash-mismatch"],
  [
    "sha512 counts before a weaker one that matches",
    siteOf(`${sha("sha512", "old")} ${sha("sha384")}`),
    "fail",
    "hash-mismatch",
  ],
  ["not fetched", siteOf(sha("sha384"), { isFetched: false }), "unknown"],
  [
    "no answer from the other host",
    { ...failed, extra: { paths: [], external: [{ url: CDN, failure }] } },
    "unknown",
  ],
  ["a redirect", siteOf(sha("sha384"), { answer: { status: 302 } }), "unknown"],
  ["cut", siteOf(sha("sha384", "old"), { body: { cut: "size" } }), "unknown"],
  [
    "@latest",
    siteOf(sha("sha384"), { src: "https://cdn.example/a@latest/a.js" }),
    "warn",
    "no-version",
  ],
  [
    "unpkg without version",
    siteOf(sha("sha384"), { src: "https://unpkg.com/vis-network/a.js" }),
    "warn",
    "no-version",
  ],
  [
    "unpkg with version",
    siteOf(sha("sha384"), { src: "https://unpkg.com/@s/vis@9.1.2/a.js" }),
    "pass",
  ],
  [
    "a scope without version",
    siteOf(sha("sha384"), { src: "https://cdn.jsdelivr.net/npm/@s/vis/a.js" }),
    "warn",
    "no-version",
  ],
  ["malformed integrity", siteOf("sha384-AAAA"), "skip"],
  [
    "nothing answers",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`sri.hash-match: ${name} is ${status}`, () => {
    const outcome = sriHashMatchLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence holds the beginnings of both, the fix the hash to write", () => {
  const outcome = sriHashMatchLive.evaluate({ sites: [siteOf(sha("sha384", "old"))] }, {});
  assert.ok("findings" in outcome);
  const [{ evidence, fix }] = outcome.findings;
  const [old, now] = [digest("sha384", "old").slice(0, 12), digest("sha384").slice(0, 12)];
  assert.deepEqual(evidence, [
    {
      url: URL,
      excerpt: `line 4, column 3, <script src="${CDN}">: expected sha384-${old}…, got sha384-${now}…`,
    },
  ]);
  assert.ok(fix.endsWith(`integrity="sha384-${digest("sha384")}"`));
});
