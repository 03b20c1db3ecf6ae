import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField } from "../../../core/http-site.ts";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { sessionLifetimeLive } from "./lifetime-live.check.ts";

/** `askedAtMs` of the example site. */
const ASKED = Date.UTC(2026, 10, 22);
const expires = (seconds: number) => `Expires=${new Date(ASKED + seconds * 1000).toUTCString()}`;

const CASES: readonly [name: string, attributes: string, status: string][] = [
  ["a day", "Max-Age=86400", "pass"],
  ["a second more", "Max-Age=86401", "warn"],
  ["Starlette's default", "Max-Age=1209600", "warn"],
  ["more than any browser keeps", "Max-Age=99999999999", "warn"],
  ["Max-Age goes before Expires", `Max-Age=60; ${expires(999_999)}`, "pass"],
  ["Expires in a day", expires(86_400), "pass"],
  ["Expires within the tolerance", expires(86_460), "pass"],
  ["Expires later", expires(86_461), "warn"],
  ["neither", "Secure", "skip"],
  ["no number", "Max-Age=1d", "skip"],
  ["deleted", "Max-Age=0", "skip"],
];

for (const [name, attributes, status] of CASES) {
  test(`${name} is ${status}`, () => {
    const site = exampleSite([["Set-Cookie", `sessionid=x; ${attributes}`]]);
    assert.equal(sessionLifetimeLive.evaluate({ sites: [site] }, {}).status, status);
  });
}

test("Expires is counted from the server's own clock", () => {
  const fields: readonly HttpField[] = [
    ["Date", new Date(ASKED + 7200_000).toUTCString()],
    ["Set-Cookie", `sessionid=x; ${expires(86_400 + 7200)}`],
  ];
  const site = exampleSite(fields);
  assert.equal(sessionLifetimeLive.evaluate({ sites: [site] }, {}).status, "pass");
});

test("the evidence quotes the field, the message the seconds", () => {
  const site = exampleSite([["Set-Cookie", "session=x; Max-Age=1209600"]]);
  const outcome = sessionLifetimeLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.equal(
    message,
    "The session cookie session of https://www.example.com/ lives 1209600 s, more than a day",
  );
  assert.deepEqual(evidence, [
    {
      url: "https://www.example.com/",
      excerpt:
        "Set-Cookie: session=…; Max-Age=1209600 (session cookie: the default name of Flask and Starlette)",
    },
  ]);
});

test("the longest lifetime is stated", () => {
  const site = exampleSite([
    ["Set-Cookie", "sessionid=x; Max-Age=60"],
    ["Set-Cookie", "sessionid=x; Path=/a; Max-Age=90"],
  ]);
  assert.deepEqual(sessionLifetimeLive.states?.({ sites: [site] }, {}), [
    { layer: "live", says: "sets", value: "90", where: "https://www.example.com/" },
  ]);
});

test("no answer at all is unknown, no cookie not applicable", () => {
  const down = exampleSite([], { http: closedSide("http://a/"), https: closedSide("https://a/") });
  assert.equal(sessionLifetimeLive.evaluate({ sites: [down] }, {}).status, "unknown");
  assert.equal(sessionLifetimeLive.evaluate({ sites: [exampleSite()] }, {}).status, "skip");
});
