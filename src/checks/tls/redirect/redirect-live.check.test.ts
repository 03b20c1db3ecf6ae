import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpExchange, HttpSide } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { tlsRedirectLive } from "./redirect-live.check.ts";

const HTTP = "http://www.example.com/";
const HTTPS = "https://www.example.com/";
const page = exampleAnswer(HTTPS);

function side(hops: HttpSide["hops"], end: HttpSide["end"] = { kind: "answer" }): HttpSide {
  return { url: HTTP, hops, end };
}

const at = { line: 1, column: 1 };
const refresh = exampleBody({
  metas: [{ httpEquiv: "Refresh", content: "0; url=https://www.example.com/", isInHead: true, at }],
});
const silent: HttpSide = {
  url: HTTP,
  hops: [],
  end: { kind: "no-answer", url: HTTP, failure: { kind: "timeout", detail: "no answer" } },
};

const CASES: readonly [name: string, http: HttpSide, status: string, rule?: string][] = [
  ["301 to the same host", exampleSide(exampleRedirect(HTTP, HTTPS), page), "pass"],
  ["308 to the same host", exampleSide(exampleRedirect(HTTP, HTTPS, 308), page), "pass"],
  ["nothing listens", closedSide(HTTP), "pass"],
  ["no answer at all", silent, "unknown"],
  ["302", exampleSide(exampleRedirect(HTTP, HTTPS, 302), page), "warn", "temporary-redirect"],
  ["content", exampleSide(exampleAnswer(HTTP)), "fail", "content-over-http"],
  [
    "asks for a password",
    exampleSide(exampleAnswer(HTTP, [], { status: 401 })),
    "fail",
    "credentials-in-clear",
  ],
  [
    "403",
    exampleSide(exampleAnswer(HTTP, [], { status: 403 })),
    "warn",
    "error-instead-of-redirect",
  ],
  [
    "meta refresh",
    exampleSide(exampleAnswer(HTTP, [], { body: refresh })),
    "warn",
    "redirect-by-page",
  ],
  [
    "http first",
    exampleSide(exampleRedirect(HTTP, `${HTTP}a`), exampleRedirect(`${HTTP}a`, HTTPS), page),
    "fail",
    "redirect-to-http",
  ],
  [
    "another host first",
    exampleSide(
      exampleRedirect(HTTP, "https://example.org/"),
      exampleAnswer("https://example.org/"),
    ),
    "warn",
    "other-host-first",
  ],
  [
    "https and back",
    side([
      exampleRedirect(HTTP, HTTPS),
      exampleRedirect(HTTPS, `${HTTP}b`),
      exampleAnswer(`${HTTP}b`),
    ]),
    "fail",
    "back-to-http",
  ],
  [
    "no Location",
    side([exampleAnswer(HTTP, [], { status: 302 })], { kind: "location-missing" }),
    "warn",
    "redirect-nowhere",
  ],
];

for (const [name, http, status, rule] of CASES) {
  test(`http: ${name} is ${status}`, () => {
    const outcome = tlsRedirectLive.evaluate({ sites: [exampleSite([], { http })] }, {});
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("three steps pass and a fourth warns", () => {
  const steps = (count: number) => {
    const urls = Array.from({ length: count }, (_, at) => `${HTTPS}${at}`);
    const hops = [HTTP, ...urls].map((url, at) => {
      const next = urls[at];
      return next === undefined ? exampleAnswer(url) : exampleRedirect(url, next);
    });
    return tlsRedirectLive.evaluate({ sites: [exampleSite([], { http: side(hops) })] }, {}).status;
  };
  assert.equal(steps(3), "pass");
  assert.equal(steps(4), "warn");
});

test("a lost path is told with the way as evidence", () => {
  const url = `${HTTP}plimsoll-x?plimsoll=1`;
  const plainPath = { url, answer: exampleRedirect(url, HTTPS) };
  const site = exampleSite([], { extra: { paths: [], external: [], plainPath } });
  const outcome = tlsRedirectLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].rule, "path-lost");
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: HTTP, excerpt: `301 Location: ${HTTPS}` },
    { url: HTTPS, excerpt: "200" },
  ]);
});

const PATH = `${HTTP}plimsoll-x?plimsoll=1`;
const PATHS: readonly [name: string, answer: HttpExchange, status: string, rule?: string][] = [
  ["served in clear", exampleAnswer(PATH), "fail", "path-over-http"],
  ["404", exampleAnswer(PATH, [], { status: 404 }), "warn", "path-not-redirected"],
  ["led to http", exampleRedirect(PATH, `${HTTP}login`), "fail", "path-to-http"],
  ["asked for a password", exampleAnswer(PATH, [], { status: 401 }), "fail", "path-over-http"],
  ["too many requests", exampleAnswer(PATH, [], { status: 429 }), "pass"],
  ["503", exampleAnswer(PATH, [], { status: 503 }), "pass"],
  ["kept", exampleRedirect(PATH, PATH.replace("http:", "https:")), "pass"],
];

for (const [name, answer, status, rule] of PATHS) {
  test(`the address redirects, another path is ${name}: ${status}`, () => {
    const plainPath = { url: PATH, answer };
    const site = exampleSite([], { extra: { paths: [], external: [], plainPath } });
    const outcome = tlsRedirectLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    assert.equal(outcome.findings[0].rule, rule);
    assert.equal(outcome.findings[0].evidence.at(-1)?.url, `${HTTP}plimsoll-x`);
  });
}

test("no live target is not applicable", () => {
  assert.equal(tlsRedirectLive.evaluate({ sites: [] }, {}).status, "skip");
});
