import assert from "node:assert/strict";
import { test } from "node:test";

import { mergePolicies } from "./csp-merge.ts";

type Merged = Readonly<Record<string, readonly string[]>>;

function merge(...policies: readonly string[]): Merged | undefined {
  const merged = mergePolicies(policies);
  if (merged === undefined) return undefined;
  return Object.fromEntries(
    [...merged.directives].map(([name, sources]) => [name, [...sources].sort()]),
  );
}

const CASES: readonly [name: string, policies: readonly string[], merged: Merged | undefined][] = [
  ["no policy", [], {}],
  [
    "one policy, names and sources in lower case",
    ["Default-Src 'Self' HTTPS://A.example; upgrade-insecure-requests"],
    { "default-src": ["'self'", "https://a.example"], "upgrade-insecure-requests": ["'none'"] },
  ],
  ["six characters", ["abcdef"], { abcdef: ["'none'"] }],
  ["five characters", ["abcde"], undefined],
  ["five characters and a blank", ["abcde "], undefined],
  ["an empty policy beside a good one", ["img-src 'self'", ""], undefined],
  [
    "a source list without sources",
    ["script-src; object-src"],
    onlyNone("script-src", "object-src"),
  ],
  ["a repeated directive", ["img-src 'self'; IMG-SRC *"], undefined],
  ["a directive in both policies is no repeat", ["img-src 'self'", "img-src 'self'"], self()],
  [
    "a repeated report-uri: the last one",
    ["img-src 'self'; report-uri /a; report-uri /b"],
    { "img-src": ["'self'"], "report-uri": ["/b"] },
  ],
  ["a source that begins like the one before", ["img-src http: http://a.example"], just("http:")],
  [
    "one that begins like another, with one between",
    ["img-src https://a.example https://a.example.org https://b.example"],
    just("https://a.example", "https://b.example"),
  ],
  ["a source both have", ["img-src 'self' https:", "img-src https: data:"], just("https:")],
  ["nothing both have", ["img-src 'self'", "img-src data:"], just("'none'")],
  ["of three policies all", ["img-src a.ex b.ex", "img-src a.ex", "img-src a.ex"], just("a.ex")],
  [
    "a directive of the first alone",
    ["img-src 'self'; script-src 'self'", "img-src 'self'"],
    { "img-src": ["'self'"], "script-src": ["'self'"] },
  ],
  [
    "a directive of the second alone",
    ["img-src 'self'", "img-src 'self'; default-src 'self'"],
    { "img-src": ["'self'"], "default-src": ["'none'"] },
  ],
  [
    "a path below one that ends in a slash",
    ["img-src https://a.ex/x/", "img-src https://a.ex/x/y"],
    just("https://a.ex/x/y"),
  ],
  [
    "a path below one that does not",
    ["img-src https://a.ex/x", "img-src https://a.ex/x/y"],
    just("'none'"),
  ],
  [
    "one path encoded otherwise",
    ["img-src https://a.ex/%61", "img-src https://a.ex/a"],
    just("https://a.ex/a"),
  ],
  [
    "a percent sign that encodes nothing, compared",
    ["img-src https://a.ex/%zz", "img-src https://a.ex/%zz"],
    undefined,
  ],
  ["and not compared", ["img-src https://a.ex/%zz"], just("https://a.ex/%zz")],
];

function just(...sources: readonly string[]): Merged {
  return { "img-src": sources };
}
function self(): Merged {
  return just("'self'");
}
function onlyNone(...names: readonly string[]): Merged {
  return Object.fromEntries(names.map((name) => [name, ["'none'"]]));
}

for (const [name, policies, merged] of CASES) {
  test(`merging: ${name}`, () => assert.deepEqual(merge(...policies), merged));
}

test("a repeated report directive is told", () => {
  assert.equal(mergePolicies(["report-uri /a; report-uri /b"])?.hasRepeatedReporting, true);
  assert.equal(mergePolicies(["report-uri /a", "report-uri /b"])?.hasRepeatedReporting, false);
});
