import assert from "node:assert/strict";
import { test } from "node:test";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { sessionCookieHttponlyLive } from "./cookie-httponly-live.check.ts";

const CASES: readonly [name: string, cookies: readonly string[], status: string, rule?: string][] =
  [
    ["HttpOnly", ["sessionid=x; HTTPONLY"], "pass"],
    ["none", ["sessionid=x; Secure"], "fail", "httponly-missing"],
    ["in the value", ["sessionid=HttpOnly; Secure"], "fail", "httponly-missing"],
    ["a CSRF cookie", ["csrftoken=x; Secure"], "skip"],
    ["one of two", ["sessionid=x; HttpOnly", "app.sid=x"], "fail", "httponly-missing"],
  ];

for (const [name, cookies, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const fields = cookies.map((value) => ["Set-Cookie", value] as const);
    const outcome = sessionCookieHttponlyLive.evaluate({ sites: [exampleSite(fields)] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("no answer at all is unknown", () => {
  const site = exampleSite([], {
    http: closedSide("http://www.example.com/"),
    https: closedSide("https://www.example.com/"),
  });
  assert.equal(sessionCookieHttponlyLive.evaluate({ sites: [site] }, {}).status, "unknown");
});

test("the evidence quotes the field without the value", () => {
  const site = exampleSite([["Set-Cookie", "sessionid=xxxx; Path=/"]]);
  const outcome = sessionCookieHttponlyLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: "https://www.example.com/",
      excerpt: "Set-Cookie: sessionid=…; Path=/ (session cookie: the default name of Django)",
    },
  ]);
});
