import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSide, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
} from "../../../core/http-site-example.ts";
import { PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { hstsLiveLive } from "./live-live.check.ts";

const NAME = "Strict-Transport-Security";
const HSTS: HttpField = [NAME, "max-age=31536000; includeSubDomains"];
const ZERO: HttpField = [NAME, "max-age=0"];
const whole = wholeSite({ page: [HSTS] });
const HTTP = "http://www.example.com/";

const overHttp: HttpSite = {
  ...wholeSite({ page: [] }),
  http: exampleSide(
    { ...exampleRedirect(HTTP, PAGE_URL), fields: [["Location", PAGE_URL], HSTS] },
    exampleAnswer(PAGE_URL),
  ),
};
const silentSide: HttpSide = {
  url: PAGE_URL,
  hops: [],
  end: { kind: "no-answer", url: PAGE_URL, failure: { kind: "timeout", detail: "no answer" } },
};
const plain = (https: HttpSide): HttpSite => ({
  ...whole,
  url: HTTP,
  http: exampleSide(exampleAnswer(HTTP, [HSTS])),
  https,
});
const first = exampleRedirect(PAGE_URL, `${PAGE_URL}home`);
const redirected = (fields: readonly HttpField[]): HttpSite => ({
  ...whole,
  https: exampleSide(
    { ...first, fields: [...first.fields, ...fields] },
    exampleAnswer(`${PAGE_URL}home`, [HSTS]),
  ),
});
const untrusted: HttpSite = {
  ...whole,
  https: exampleSide(
    exampleAnswer(PAGE_URL, [HSTS], {
      certificate: { isVerified: false, error: "CERT_HAS_EXPIRED" },
    }),
  ),
};
const withStatus = (status: number, fields: readonly HttpField[]): HttpSite => ({
  ...whole,
  https: exampleSide(exampleAnswer(PAGE_URL, fields, { status })),
});
const loop: HttpSite = {
  ...whole,
  https: { url: PAGE_URL, hops: [first], end: { kind: "redirect-limit", isLoop: true } },
};
const { errorPage: _, ...notAsked } = whole.extra;

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: readonly string[]][] =
  [
    ["on every answer", whole, "pass"],
    ["nowhere", wholeSite({ page: [] }), "fail", ["missing"]],
    ["not on the 404 page", wholeSite({ page: [HSTS], missing: [] }), "warn", ["missing"]],
    ["not on the asset", wholeSite({ page: [HSTS], asset: [] }), "warn", ["missing"]],
    ["not on a linked page", wholeSite({ page: [HSTS], path: [] }), "warn", ["missing"]],
    ["over HTTP/2, too", wholeSite({ page: [HSTS], http2: [HSTS] }), "pass"],
    ["not over HTTP/2", wholeSite({ page: [HSTS], http2: [] }), "fail", ["missing"]],
    ["only once of two times", wholeSite({ page: [HSTS], again: [] }), "fail", ["missing"]],
    ["on the redirect too", redirected([HSTS]), "pass"],
    ["not on the redirect", redirected([]), "warn", ["missing"]],
    ["twice, equal", wholeSite({ page: [HSTS, HSTS] }), "warn", ["repeated"]],
    [
      "a bad line first",
      wholeSite({ page: [[NAME, "x y"], HSTS] }),
      "fail",
      ["invalid", "repeated"],
    ],
    ["joined by a comma", wholeSite({ page: [[NAME, "max-age=1, max-age=1"]] }), "fail"],
    ["empty", wholeSite({ page: [[NAME, ""]] }), "fail"],
    ["invalid on the 404 page", wholeSite({ page: [HSTS], missing: [[NAME, "yes"]] }), "warn"],
    ["zero is a valid header", wholeSite({ page: [ZERO] }), "pass"],
    ["over http only", overHttp, "fail", ["missing", "sent-over-http-only"]],
    ["over an untrusted connection", untrusted, "warn", ["untrusted-connection"]],
    ["401 counts as the page", withStatus(401, []), "fail"],
    ["503 is not the page, with the header", withStatus(503, [HSTS]), "unknown"],
    ["503 is not the page, without", withStatus(503, []), "warn", ["missing"]],
    ["a loop", loop, "warn", ["missing"]],
    ["404 page not answered", silentOn(whole, "errorPage"), "unknown"],
    ["404 page not asked for", { ...whole, extra: notAsked }, "unknown"],
    ["asset not answered", silentOn(whole, "asset"), "unknown"],
    ["https asked for and silent", { ...whole, https: silentSide, http: silentSide }, "unknown"],
    ["https asked for and closed", { ...plain(closedSide(PAGE_URL)), url: PAGE_URL }, "unknown"],
    ["http asked for, https closed", plain(closedSide(PAGE_URL)), "skip"],
    ["http asked for, https silent", plain(silentSide), "unknown"],
  ];

for (const [name, site, status, rules] of CASES) {
  test(`HSTS ${name} is ${status}`, () => {
    const outcome = hstsLiveLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rules !== undefined) {
      assert.ok("findings" in outcome);
      assert.deepEqual(outcome.findings.map(({ rule }) => rule).sort(), rules);
    }
  });
}

test("the evidence is the table of all answers, the message names the places", () => {
  const site = wholeSite({ page: [HSTS], asset: [], missing: [] });
  const outcome = hstsLiveLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    "No Strict-Transport-Security on https://www.example.com/static/app.js (200), the page of a missing address (404)",
  );
  assert.deepEqual(
    finding.evidence.map(({ url, excerpt }) => `${url} ${excerpt}`),
    [
      `https://www.example.com/ 200, main page: ${NAME}: ${HSTS[1]}`,
      `https://www.example.com/ 200, main page, asked again: ${NAME}: ${HSTS[1]}`,
      `https://www.example.com/static/app.js 200, static asset: ${NAME} not sent`,
      `https://www.example.com/about 200, further path: ${NAME}: ${HSTS[1]}`,
      `https://www.example.com/plimsoll-0123456789abcdef 404, missing address: ${NAME} not sent`,
    ],
  );
});

test("answers of other hosts are other people's", () => {
  const sso = "https://sso.example.org/";
  const site: HttpSite = {
    ...whole,
    https: exampleSide(
      { ...first, fields: [["Location", sso], HSTS] },
      exampleRedirect(sso, `${PAGE_URL}home`),
      exampleAnswer(`${PAGE_URL}home`, [HSTS]),
    ),
  };
  assert.equal(hstsLiveLive.evaluate({ sites: [site] }, {}).status, "pass");
});

test("states what the client got of the main page", () => {
  const of = (fields: readonly HttpField[]) =>
    hstsLiveLive.states?.({ sites: [wholeSite({ page: fields })] }, {});
  assert.deepEqual(of([[NAME, "INCLUDESUBDOMAINS; max-age=5"]]), [
    { layer: "live", says: "sets", value: "max-age=5; includeSubDomains", where: PAGE_URL },
  ]);
  assert.deepEqual(of([]), [{ layer: "live", says: "drops", where: PAGE_URL }]);
});
