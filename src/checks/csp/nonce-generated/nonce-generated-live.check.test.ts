import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { cspNonceGeneratedLive } from "./nonce-generated-live.check.ts";

const URL = "https://www.example.com/";
const A = "Zk3nQ8sVwXr2Lp7TbYc1Dg";
const B = "q9HfJm4KzUe6RaWi0NoSxv";
const C = "T5yGv8PbEcL3oMhAr7uQdI";

const fieldsOf = (
  nonce: string | undefined,
  more: readonly HttpField[] = [],
): readonly HttpField[] =>
  nonce === undefined
    ? more
    : [["Content-Security-Policy", `script-src 'nonce-${nonce}'`], ...more];
const HIT: readonly HttpField[] = [["X-Cache", "HIT"]];

interface Answer {
  readonly nonce?: string;
  readonly more?: readonly HttpField[];
  readonly status?: number;
}

function siteOf(first: Answer, again?: Answer, other?: Answer): HttpSite {
  const answer = (url: string, { nonce, more, status = 200 }: Answer) =>
    exampleAnswer(url, fieldsOf(nonce, more), { status });
  const paths =
    other === undefined
      ? []
      : [{ url: `${URL}b`, answer: answer(`${URL}b`, other), why: "linked" as const }];
  return exampleSite([], {
    https: exampleSide(answer(URL, first)),
    extra: {
      paths,
      external: [],
      ...(again !== undefined && { again: { url: URL, answer: answer(URL, again) } }),
    },
  });
}

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["two nonces", siteOf({ nonce: A }, { nonce: B }), "pass"],
  ["the same nonce", siteOf({ nonce: A }, { nonce: A }), "fail", "nonce-reused"],
  [
    "the same nonce from a cache",
    siteOf({ nonce: A }, { nonce: A, more: HIT }),
    "warn",
    "nonce-cached",
  ],
  [
    "the same nonce with an age",
    siteOf({ nonce: A }, { nonce: A, more: [["Age", "7"]] }),
    "warn",
    "nonce-cached",
  ],
  [
    "an age of 0 is no cache",
    siteOf({ nonce: A }, { nonce: A, more: [["Age", "0"]] }),
    "fail",
    "nonce-reused",
  ],
  [
    "a cache that missed",
    siteOf({ nonce: A }, { nonce: A, more: [["X-Cache", "MISS"]] }),
    "fail",
    "nonce-reused",
  ],
  [
    "another page repeats it",
    siteOf({ nonce: A }, { nonce: B }, { nonce: B }),
    "fail",
    "nonce-reused",
  ],
  ["three nonces", siteOf({ nonce: A }, { nonce: B }, { nonce: C }), "pass"],
  ["21 characters", siteOf({ nonce: A.slice(1) }, { nonce: B.slice(1) }), "warn", "nonce-short"],
  [
    "an example of the documentation",
    siteOf({ nonce: "416d1177-4d12-4e3b-b7c9-f6c409789fb8" }, { nonce: A }),
    "warn",
    "nonce-guessable",
  ],
  [
    "a counter in a frame",
    siteOf({ nonce: `${A}${A}01` }, { nonce: `${A}${A}02` }),
    "warn",
    "nonce-fixed-part",
  ],
  ["no second fetch", siteOf({ nonce: A }), "unknown"],
  ["the second fetch has none", siteOf({ nonce: A }, {}), "unknown"],
  ["the second fetch is an error", siteOf({ nonce: A }, { nonce: A, status: 500 }), "unknown"],
  ["short, and no second fetch", siteOf({ nonce: "abc123" }), "warn", "nonce-short"],
  ["no nonce", siteOf({}, {}), "skip"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`csp.nonce-generated: ${name} is ${status}`, () => {
    const outcome = cspNonceGeneratedLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("the evidence shows lengths, never a nonce", () => {
  const outcome = cspNonceGeneratedLive.evaluate(
    { sites: [siteOf({ nonce: A }, { nonce: A })] },
    {},
  );
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: URL, excerpt: "Content-Security-Policy: script-src 'nonce-<22 characters>'" },
  ]);
  assert.doesNotMatch(JSON.stringify(outcome), new RegExp(A));
});
