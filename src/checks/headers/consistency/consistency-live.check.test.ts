import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import { closedSide, exampleAnswer } from "../../../core/http-site-example.ts";
import { overHttp2, PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersConsistencyLive } from "./consistency-live.check.ts";

const DENY: HttpField = ["X-Frame-Options", "DENY"];
const SAME: HttpField = ["X-Frame-Options", "SAMEORIGIN"];
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const hsts = (value: string): HttpField => ["Strict-Transport-Security", value];
const page = (...fields: readonly HttpField[]): HttpSite => wholeSite({ page: fields });
const once: HttpSite = {
  ...page(DENY),
  changes: { wasAskedAgain: false, fields: [], isBodyDifferent: false },
};

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["sent once", page(DENY, csp("default-src 'self'")), "pass"],
  ["twice, equal", page(DENY, DENY), "warn", "duplicate"],
  [
    "twice, equal but for letter case",
    page(DENY, ["x-frame-options", "deny"]),
    "warn",
    "duplicate",
  ],
  ["twice, different", page(DENY, SAME), "warn", "different-values"],
  ["joined in one line", page(["X-Frame-Options", "DENY, SAMEORIGIN"]), "warn", "different-values"],
  ["nosniff twice", page(["X-Content-Type-Options", "nosniff, nosniff"]), "warn", "duplicate"],
  [
    "two policies",
    page(csp("default-src 'self'"), csp("script-src 'self'")),
    "warn",
    "different-values",
  ],
  [
    "a list of referrer policies in one line",
    page(["Referrer-Policy", "no-referrer, origin"]),
    "pass",
  ],
  ["features in one line", page(["Permissions-Policy", "camera=(), usb=()"]), "pass"],
  ["twice on the 404 page only", wholeSite({ page: [DENY], missing: [DENY, DENY] }), "warn"],
  ["there only the first time", wholeSite({ page: [DENY], again: [] }), "warn", "comes-and-goes"],
  ["there only the second time", wholeSite({ page: [], again: [DENY] }), "warn", "comes-and-goes"],
  ["another value the second time", wholeSite({ page: [DENY], again: [SAME] }), "warn", "changes"],
  [
    "another nonce the second time",
    wholeSite({ page: [csp("script-src 'nonce-a1'")], again: [csp("script-src 'nonce-b2'")] }),
    "pass",
  ],
  [
    "HSTS differs on the asset",
    wholeSite({ page: [hsts("max-age=5")], asset: [hsts("max-age=6")] }),
    "warn",
    "differs-by-page",
  ],
  [
    "HSTS differs in writing only",
    wholeSite({ page: [hsts("max-age=5")], asset: [hsts('Max-Age="5"')] }),
    "pass",
  ],
  [
    "the same over HTTP/2",
    wholeSite({ page: [DENY], http2: [["x-frame-options", "DENY"]] }),
    "pass",
  ],
  [
    "lost over HTTP/2",
    wholeSite({ page: [DENY, hsts("max-age=5")], http2: [DENY] }),
    "warn",
    "differs-by-protocol",
  ],
  ["there over HTTP/2 only", wholeSite({ page: [], http2: [DENY] }), "warn", "differs-by-protocol"],
  [
    "another value over HTTP/2",
    wholeSite({ page: [DENY], http2: [SAME] }),
    "warn",
    "differs-by-protocol",
  ],
  [
    "another nonce over HTTP/2",
    wholeSite({ page: [csp("script-src 'nonce-a1'")], http2: [csp("script-src 'nonce-b2'")] }),
    "pass",
  ],
  [
    "what changes from time to time is not the protocol's",
    wholeSite({ page: [DENY], again: [SAME], http2: [SAME] }),
    "warn",
    "changes",
  ],
  [
    "no answer over HTTP/2",
    overHttp2(page(DENY), { url: PAGE_URL, failure: { kind: "reset", detail: "reset" } }),
    "unknown",
  ],
  [
    "another status over HTTP/2",
    overHttp2(page(DENY), {
      url: PAGE_URL,
      answer: exampleAnswer(PAGE_URL, [], { status: 429, protocol: "h2" }),
    }),
    "unknown",
  ],
  ["no security header", page(["Server", "x"], ["Server", "y"]), "skip"],
  ["not asked again", once, "unknown"],
  ["404 page not seen", silentOn(page(DENY), "errorPage"), "unknown"],
  [
    "no answer",
    { ...once, http: closedSide("http://www.example.com/"), https: closedSide(PAGE_URL) },
    "unknown",
  ],
];

for (const [name, site, status, rule] of CASES) {
  test(`consistency: ${name} is ${status}`, () => {
    const outcome = headersConsistencyLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("one finding for what changes, none for the protocol", () => {
  const site = wholeSite({ page: [DENY], again: [SAME], http2: [SAME] });
  const outcome = headersConsistencyLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings.map(({ rule }) => rule),
    ["changes"],
  );
});

test("what is lost over HTTP/2 is named with its place", () => {
  const site = wholeSite({ page: [DENY, hsts("max-age=5")], http2: [DENY] });
  const outcome = headersConsistencyLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.equal(
    outcome.findings[0].message,
    `Strict-Transport-Security is lost over HTTP/2, on ${PAGE_URL} (over HTTP/2)`,
  );
});

test("the finding names the header, the table quotes both values", () => {
  const outcome = headersConsistencyLive.evaluate({ sites: [page(DENY, SAME)] }, {});
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.match(message, /^X-Frame-Options is sent 2 times, with different values, on https:/);
  assert.equal(
    evidence[0].excerpt,
    "200, main page: X-Frame-Options: DENY; X-Frame-Options: SAMEORIGIN",
  );
});
