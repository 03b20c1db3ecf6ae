import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpBody, HttpField, HttpSite } from "../../../core/http-site.ts";
import { exampleAnswer, exampleBody, exampleSide } from "../../../core/http-site-example.ts";
import { assetAnswer, PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersReferrerPolicyLive } from "./referrer-policy-live.check.ts";

const field = (value: string): HttpField => ["Referrer-Policy", value];
const sent = (...values: readonly string[]): HttpSite => wholeSite({ page: values.map(field) });
const good = sent("strict-origin-when-cross-origin");
const at = { line: 1, column: 1 };
/** The main page says it by meta elements, the others by header. */
function byMeta(contents: readonly string[], fields: readonly HttpField[] = []): HttpSite {
  const metas = contents.map((content) => ({ name: "Referrer", content, isInHead: true, at }));
  return withBody(exampleBody({ metas }), fields);
}
function withBody(body: HttpBody, fields: readonly HttpField[]): HttpSite {
  return { ...good, https: exampleSide(exampleAnswer(PAGE_URL, fields, { body })) };
}
const noHtml: HttpSite = {
  ...good,
  https: exampleSide(assetAnswer([])),
  extra: { paths: [], external: [], errorPage: { url: PAGE_URL, answer: assetAnswer([]) } },
};
const STRICT = field("strict-origin");

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["strict-origin-when-cross-origin", good, "pass"],
  ["no-referrer", sent("no-referrer"), "pass"],
  ["same-origin", sent("Same-Origin"), "pass"],
  ["strict-origin", sent("strict-origin"), "pass"],
  ["origin", sent("origin"), "warn", "origin"],
  ["origin-when-cross-origin", sent("origin-when-cross-origin"), "warn"],
  ["no-referrer-when-downgrade", sent("no-referrer-when-downgrade"), "warn"],
  ["unsafe-url", sent("unsafe-url"), "fail", "unsafe-url"],
  ["the last known word is private", sent("unsafe-url, strict-origin, new-word"), "pass"],
  ["the last known word is unsafe", sent("no-referrer, unsafe-url"), "fail", "unsafe-url"],
  ["the last of two lines", sent("no-referrer", "unsafe-url"), "fail", "unsafe-url"],
  ["no known word", sent("strict"), "warn", "invalid"],
  ["empty", sent(""), "warn", "invalid"],
  ["absent", wholeSite({ page: [] }), "warn", "missing"],
  ["absent on the 404 page", wholeSite({ page: [STRICT], missing: [] }), "warn", "missing"],
  [
    "unsafe on the 404 page only",
    wholeSite({ page: [STRICT], missing: [field("unsafe-url")] }),
    "warn",
    "unsafe-url",
  ],
  [
    "unsafe on a linked page",
    wholeSite({ page: [STRICT], path: [field("unsafe-url")] }),
    "fail",
    "unsafe-url",
  ],
  ["an asset needs none", wholeSite({ page: [STRICT], asset: [] }), "pass"],
  ["by meta alone", byMeta(["no-referrer"]), "pass"],
  ["by an old word in meta", byMeta(["always"], [STRICT]), "fail", "unsafe-url"],
  ["the last valid meta counts", byMeta(["unsafe-url", "no-referrer", "what"]), "pass"],
  ["unsafe until the meta is read", byMeta(["no-referrer"], [field("unsafe-url")]), "fail"],
  ["no HTML", noHtml, "skip"],
  ["page cut", withBody(exampleBody({}, { isTextCut: true }), [STRICT]), "unknown"],
  ["metas cut", withBody(exampleBody({ cut: ["metas"] }), [STRICT]), "unknown"],
  ["body broken off", withBody(exampleBody({}, { cut: "closed" }), [STRICT]), "unknown"],
  ["404 page not seen", silentOn(good, "errorPage"), "unknown"],
];

for (const [name, site, status, rule] of CASES) {
  test(`Referrer-Policy: ${name} is ${status}`, () => {
    const outcome = headersReferrerPolicyLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the evidence quotes header and meta element", () => {
  const outcome = headersReferrerPolicyLive.evaluate({ sites: [byMeta(["always"], [STRICT])] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence[0], {
    url: PAGE_URL,
    excerpt: "200, main page: Referrer-Policy: strict-origin; meta referrer: unsafe-url",
  });
});

test("states the header's policy of the main page", () => {
  const site = sent("unsafe-url, no-referrer");
  assert.deepEqual(headersReferrerPolicyLive.states?.({ sites: [site] }, {}), [
    { layer: "live", says: "sets", value: "no-referrer", where: PAGE_URL },
  ]);
});
