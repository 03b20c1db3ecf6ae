import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { probeClickjackingLive } from "./clickjacking-live.check.ts";

const PAGE = "https://www.example.com/";
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const xfo = (value: string): HttpField => ["X-Frame-Options", value];
const at = { line: 1, column: 1 };

const FIELDS: readonly (readonly [fields: readonly HttpField[], status: string, rule?: string])[] =
  [
    [[], "fail", "framing-allowed"],
    [[xfo("DENY")], "pass"],
    [[xfo("SAMEORIGIN")], "warn", "only-sameorigin"],
    [[xfo("SAMEORIGIN"), xfo("DENY")], "pass"],
    [[xfo("ALLOW-FROM https://a.test/")], "fail", "framing-allowed"],
    [[xfo("ALLOWALL")], "fail", "framing-allowed"],
    [[csp("frame-ancestors 'none'")], "pass"],
    [[csp("default-src *; FRAME-ANCESTORS 'self'")], "pass"],
    [[csp("frame-ancestors")], "pass"],
    [[csp("frame-ancestors https://a.test")], "pass"],
    [[csp("frame-ancestors *")], "fail", "framing-allowed"],
    [[csp("frame-ancestors 'self' https:")], "fail", "framing-allowed"],
    [[csp("frame-ancestors https://*:*")], "fail", "framing-allowed"],
    [[csp("frame-ancestors *"), xfo("DENY")], "fail", "framing-allowed"],
    [[csp("frame-ancestors *, frame-ancestors 'self'")], "pass"],
    [[csp("frame-ancestors *; frame-ancestors 'none'")], "fail", "framing-allowed"],
    [[csp("default-src 'none'")], "fail", "framing-allowed"],
    [
      [["Content-Security-Policy-Report-Only", "frame-ancestors 'none'"]],
      "fail",
      "framing-allowed",
    ],
    [[csp(`img-src ${"a".repeat(65_536)}; frame-ancestors 'none'`)], "unknown"],
  ];

for (const [fields, status, rule] of FIELDS) {
  const name = fields.map((field) => field.join(": ").slice(0, 80)).join(" and ");
  test(`${name || "nothing"} is ${status}`, () => {
    const outcome = probeClickjackingLive.evaluate({ sites: [exampleSite(fields)] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

const { page: _, ...json } = exampleBody({});
const data = exampleAnswer(PAGE, [], { fields: [["Content-Type", "text/plain"]], body: json });
const attempt = (path: string, status: number, ...fields: readonly HttpField[]) => {
  const url = `${PAGE}${path}`;
  return { url, answer: exampleAnswer(url, fields, { status }) };
};
const failure = { kind: "timeout", detail: "no answer" } as const;
const SITES: readonly [name: string, site: HttpSite, status: string][] = [
  ["no HTML", exampleSite([], { http: exampleSide(data), https: exampleSide(data) }), "skip"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://a/"), https: closedSide(PAGE) }),
    "unknown",
  ],
  [
    "a linked redirect without a header",
    exampleSite([xfo("DENY")], {
      extra: {
        external: [],
        paths: [{ url: `${PAGE}a`, why: "linked", answer: exampleRedirect(`${PAGE}a`, PAGE) }],
      },
    }),
    "pass",
  ],
  [
    "a linked page without an answer",
    exampleSite([xfo("DENY")], {
      extra: { external: [], paths: [{ url: `${PAGE}a`, why: "linked", failure }] },
    }),
    "unknown",
  ],
  [
    "lost in the second answer",
    exampleSite([xfo("DENY")], { extra: { external: [], paths: [], again: attempt("", 200) } }),
    "fail",
  ],
];
for (const [name, site, status] of SITES) {
  test(`${name} is ${status}`, () => {
    assert.equal(probeClickjackingLive.evaluate({ sites: [site] }, {}).status, status);
  });
}

test("pages where it is lost are named, and where it stands", () => {
  const site = exampleSite([xfo("DENY")], {
    extra: {
      external: [],
      paths: [{ ...attempt("login?next=x", 200), why: "asked" }],
      errorPage: attempt("missing", 404),
    },
  });
  const outcome = probeClickjackingLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.equal(message, `Any site may frame ${PAGE}login, ${PAGE}missing (forbidden on ${PAGE})`);
  const excerpt = (status: number) => `${status}, neither frame-ancestors nor X-Frame-Options`;
  assert.deepEqual(evidence, [
    { url: `${PAGE}login`, excerpt: excerpt(200) },
    { url: `${PAGE}missing`, excerpt: excerpt(404) },
  ]);
});

test("what stands where it does not count is told", () => {
  const metas = [
    { httpEquiv: "X-Frame-Options", content: "DENY", isInHead: true, at },
    { httpEquiv: "content-security-policy", content: "frame-ancestors 'none'", isInHead: true, at },
  ];
  const answer = exampleAnswer(PAGE, [], { body: exampleBody({ metas }) });
  const site = exampleSite([], { https: exampleSide(answer) });
  const outcome = probeClickjackingLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.equal(
    outcome.findings[0].evidence[0].excerpt,
    "200, frame-ancestors in a meta element, which browsers ignore; X-Frame-Options in a meta element, which browsers ignore",
  );
});
