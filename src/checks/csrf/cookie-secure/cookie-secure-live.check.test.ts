import assert from "node:assert/strict";
import { test } from "node:test";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { csrfCookieSecureLive } from "./cookie-secure-live.check.ts";

const CASES: readonly [name: string, cookies: readonly string[], status: string, rule?: string][] =
  [
    ["Secure", ["csrftoken=x; Secure"], "pass"],
    ["Secure with a value", ["csrftoken=x; secure=no"], "pass"],
    ["no Secure", ["csrftoken=x; Path=/; HttpOnly"], "fail", "secure-missing"],
    ["Secure as part of a word", ["csrftoken=x; Insecure"], "fail", "secure-missing"],
    ["Secure in the value", ["csrftoken=Secure"], "fail", "secure-missing"],
    ["the last of two is good", ["csrftoken=x", "csrftoken=x; Secure"], "pass"],
    ["the last of two is not", ["csrftoken=x; Secure", "csrftoken=x"], "fail", "secure-missing"],
    ["another path", ["csrftoken=x; Secure", "csrftoken=x; Path=/a"], "fail", "secure-missing"],
    ["deleted by Max-Age", ["csrftoken=; Max-Age=0"], "skip"],
    ["deleted by Expires", ["csrftoken=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "skip"],
    ["another use", ["sessionid=x", "theme=x"], "skip"],
    ["no cookie", [], "skip"],
  ];

for (const [name, cookies, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const fields = cookies.map((value) => ["Set-Cookie", value] as const);
    const outcome = csrfCookieSecureLive.evaluate({ sites: [exampleSite(fields)] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("no answer at all is unknown", () => {
  const site = exampleSite([], {
    http: closedSide("http://www.example.com/"),
    https: closedSide("https://www.example.com/"),
  });
  assert.equal(csrfCookieSecureLive.evaluate({ sites: [site] }, {}).status, "unknown");
});

test("the evidence quotes the field without the value", () => {
  const site = exampleSite([["Set-Cookie", "csrftoken=xxxx; Path=/"]]);
  const outcome = csrfCookieSecureLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: "https://www.example.com/",
      excerpt: "Set-Cookie: csrftoken=…; Path=/ (csrf cookie: the default name of Django)",
    },
  ]);
});

test("it states the flag, off where one cookie lacks it", () => {
  const stated = (values: readonly string[]) =>
    csrfCookieSecureLive.states?.(
      { sites: [exampleSite(values.map((value) => ["Set-Cookie", value] as const))] },
      {},
    );
  const where = "https://www.example.com/";
  assert.deepEqual(stated(["csrftoken=x; Secure"]), [
    { layer: "live", says: "sets", value: "on", where },
  ]);
  assert.deepEqual(stated(["csrftoken=x; Secure", "csrftoken=x; Path=/a"]), [
    { layer: "live", says: "sets", value: "off", where },
  ]);
  assert.deepEqual(stated([]), []);
});
