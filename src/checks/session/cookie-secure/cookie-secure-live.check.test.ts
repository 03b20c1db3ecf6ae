import assert from "node:assert/strict";
import { test } from "node:test";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { sessionCookieSecureLive } from "./cookie-secure-live.check.ts";

const CASES: readonly [name: string, cookies: readonly string[], status: string, rule?: string][] =
  [
    ["Secure", ["sessionid=x; Secure"], "pass"],
    ["Secure with a value", ["sessionid=x; secure=no"], "pass"],
    ["no Secure", ["sessionid=x; Path=/; HttpOnly"], "fail", "secure-missing"],
    ["Secure as part of a word", ["sessionid=x; Insecure"], "fail", "secure-missing"],
    ["Secure in the value", ["sessionid=Secure"], "fail", "secure-missing"],
    ["the last of two is good", ["sessionid=x", "sessionid=x; Secure"], "pass"],
    ["the last of two is not", ["sessionid=x; Secure", "sessionid=x"], "fail", "secure-missing"],
    ["another path", ["sessionid=x; Secure", "sessionid=x; Path=/a"], "fail", "secure-missing"],
    ["deleted by Max-Age", ["sessionid=; Max-Age=0"], "skip"],
    ["deleted by Expires", ["sessionid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "skip"],
    ["another use", ["csrftoken=x", "theme=x"], "skip"],
    ["no cookie", [], "skip"],
  ];

for (const [name, cookies, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const fields = cookies.map((value) => ["Set-Cookie", value] as const);
    const outcome = sessionCookieSecureLive.evaluate({ sites: [exampleSite(fields)] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

const ADVICE: readonly [name: string, cookie: string, summary: string][] = [
  [
    "for the host alone",
    "sessionid=x; Secure; Path=/",
    "The session cookie has Secure; named __Host-sessionid, with Path=/, no other host and no answer over http could replace it",
  ],
  [
    "with a domain",
    "sessionid=x; Secure; Domain=example.com",
    "The session cookie has Secure; named __Secure-sessionid no answer over http could replace it",
  ],
  [
    "with a path",
    "sessionid=x; Secure; Path=/app",
    "The session cookie has Secure; named __Secure-sessionid no answer over http could replace it",
  ],
  ["with a prefix", "__Host-sessionid=x; Secure; Path=/", "The session cookie has Secure"],
  ["with the lesser prefix", "__Secure-sid=x; Secure", "The session cookie has Secure"],
];
for (const [name, cookie, summary] of ADVICE) {
  test(`a cookie ${name} is told the prefix its name could carry`, () => {
    const site = exampleSite([["Set-Cookie", cookie]]);
    const outcome = sessionCookieSecureLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status === "pass" ? outcome.summary : outcome.status, summary);
  });
}

test("no answer at all is unknown", () => {
  const site = exampleSite([], {
    http: closedSide("http://www.example.com/"),
    https: closedSide("https://www.example.com/"),
  });
  assert.equal(sessionCookieSecureLive.evaluate({ sites: [site] }, {}).status, "unknown");
});

test("the evidence quotes the field without the value", () => {
  const site = exampleSite([["Set-Cookie", "sessionid=xxxx; Path=/"]]);
  const outcome = sessionCookieSecureLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: "https://www.example.com/",
      excerpt: "Set-Cookie: sessionid=…; Path=/ (session cookie: the default name of Django)",
    },
  ]);
});

test("it states the flag, off where one cookie lacks it", () => {
  const stated = (values: readonly string[]) =>
    sessionCookieSecureLive.states?.(
      { sites: [exampleSite(values.map((value) => ["Set-Cookie", value] as const))] },
      {},
    );
  const where = "https://www.example.com/";
  assert.deepEqual(stated(["sessionid=x; Secure"]), [
    { layer: "live", says: "sets", value: "on", where },
  ]);
  assert.deepEqual(stated(["sessionid=x; Secure", "sessionid=x; Path=/a"]), [
    { layer: "live", says: "sets", value: "off", where },
  ]);
  assert.deepEqual(stated([]), []);
});
