import assert from "node:assert/strict";
import { test } from "node:test";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { csrfCookieSamesiteLive } from "./cookie-samesite-live.check.ts";

const CASES: readonly [name: string, cookies: readonly string[], status: string, rule?: string][] =
  [
    ["strict", ["csrftoken=x; SameSite=sTrIcT"], "pass"],
    ["lax", ["csrftoken=x; SameSite=Lax"], "warn", "samesite-lax"],
    ["absent", ["csrftoken=x; Secure"], "warn", "samesite-missing"],
    ["no known value", ["csrftoken=x; SameSite=Foo"], "warn", "samesite-invalid"],
    ["none", ["csrftoken=x; Secure; SameSite=None"], "fail", "samesite-none"],
    ["none without Secure", ["csrftoken=x; SameSite=None"], "fail", "samesite-none"],
    [
      "repeated, the last counts",
      ["csrftoken=x; SameSite=Strict; SameSite=None; Secure"],
      "fail",
      "samesite-none",
    ],
    [
      "one strict and one lax",
      ["csrftoken=x; SameSite=Strict", "csrftoken=x; Path=/a; SameSite=Lax"],
      "warn",
      "samesite-lax",
    ],
    ["no cookie", ["theme=x"], "skip"],
  ];

for (const [name, cookies, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const fields = cookies.map((value) => ["Set-Cookie", value] as const);
    const outcome = csrfCookieSamesiteLive.evaluate({ sites: [exampleSite(fields)] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("no answer at all is unknown", () => {
  const site = exampleSite([], {
    http: closedSide("http://www.example.com/"),
    https: closedSide("https://www.example.com/"),
  });
  assert.equal(csrfCookieSamesiteLive.evaluate({ sites: [site] }, {}).status, "unknown");
});

test("the evidence quotes the field without the value", () => {
  const site = exampleSite([["Set-Cookie", "csrftoken=xxxx; Path=/"]]);
  const outcome = csrfCookieSamesiteLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: "https://www.example.com/",
      excerpt: "Set-Cookie: csrftoken=…; Path=/ (csrf cookie: the default name of Django)",
    },
  ]);
});
