import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTRIBUTE_LENGTH_MAX } from "./cookie-attribute.ts";
import { parseCookieDate } from "./cookie-date.ts";
import {
  ATTRIBUTE_COUNT_MAX,
  COOKIE_LENGTH_MAX,
  COOKIE_LIFETIME_MAX_SECONDS,
  cookieLifetime,
  parseSetCookie,
} from "./set-cookie.ts";

const base = { secure: false, httpOnly: false, sameSite: "default", partitioned: false };
const settings = (text: string) => {
  const { valueSpan, attributes, problems, refused, ...rest } = parseSetCookie(text);
  const value = text.slice(valueSpan.offset, valueSpan.offset + valueSpan.length);
  return { value, refused, problems: problems.map(({ rule }) => rule), ...rest };
};

for (const [text, expected] of [
  // RFC 6265 section 3.1, all examples.
  ["SID=31d4d96e407aad42", { name: "SID", value: "31d4d96e407aad42" }],
  [
    "SID=31d4d96e407aad42; Path=/; Domain=example.com",
    { name: "SID", value: "31d4d96e407aad42", path: "/", domain: "example.com" },
  ],
  [
    "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
    { name: "SID", value: "31d4d96e407aad42", path: "/", secure: true, httpOnly: true },
  ],
  [
    "lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT",
    { name: "lang", value: "en-US", expiresAt: 1623233894 },
  ],
  [
    "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
    { name: "lang", value: "", expiresAt: 784111777 },
  ],
  // Reading, draft-ietf-httpbis-rfc6265bis-20 section 5.6.
  ["a=b=c", { name: "a", value: "b=c" }],
  [" a = b ;secure=no;HTTPONLY", { name: "a", value: "b", secure: true, httpOnly: true }],
  ["value", { name: "", value: "value" }],
  ["=value", { name: "", value: "value" }],
  ['a="b;c"', { name: "a", value: '"b', problems: ["unknown-attribute"] }],
  ["a=b; Domain=.Example.COM", { name: "a", value: "b", domain: "example.com" }],
  ["a=b; Domain=", { name: "a", value: "b", problems: ["bad-domain"] }],
  ["a=b; Path=x", { name: "a", value: "b", problems: ["bad-path"] }],
  [
    "a=b; Path=/x; Path=/y",
    { name: "a", value: "b", path: "/y", problems: ["repeated-attribute"] },
  ],
  ["a=b; SameSite=sTRICT", { name: "a", value: "b", sameSite: "strict" }],
  ["a=b; SameSite=Foo", { name: "a", value: "b", problems: ["bad-samesite"] }],
  ["a=b; SameSite", { name: "a", value: "b", problems: ["bad-samesite"] }],
  [
    "a=b; Max-Age=60; Expires=x",
    { name: "a", value: "b", maxAgeSeconds: 60, problems: ["bad-expires"] },
  ],
  ["a=b; Max-Age=-1", { name: "a", value: "b", maxAgeSeconds: -1 }],
  ["a=b; Max-Age=1.5", { name: "a", value: "b", problems: ["bad-max-age"] }],
  [
    "a=b; Secure; Partitioned; Priority=High",
    { name: "a", value: "b", secure: true, partitioned: true, priority: "high" },
  ],
  ["a=b; Priority=Urgent", { name: "a", value: "b", problems: ["bad-priority"] }],
  ["a=b;;  ;", { name: "a", value: "b" }],
  // Refusals.
  [
    "a=b; SameSite=None",
    {
      name: "a",
      value: "b",
      sameSite: "none",
      refused: ["samesite-none-needs-secure"],
      problems: ["samesite-none-needs-secure"],
    },
  ],
  [
    "a=b; Partitioned",
    {
      name: "a",
      value: "b",
      partitioned: true,
      refused: ["partitioned-needs-secure"],
      problems: ["partitioned-needs-secure"],
    },
  ],
  [
    "a=b\x01",
    { name: "a", value: "b\x01", refused: ["control-character"], problems: ["control-character"] },
  ],
  ["", { name: "", value: "", refused: ["empty"], problems: ["empty"] }],
  [
    "__Secure-a=b",
    {
      name: "__Secure-a",
      value: "b",
      prefix: "__Secure-",
      refused: ["prefix-needs-secure"],
      problems: ["prefix-needs-secure"],
    },
  ],
  [
    "__host-a=b; Secure; Path=/",
    { name: "__host-a", value: "b", prefix: "__Host-", secure: true, path: "/" },
  ],
  [
    "__Host-a=b; Secure; Domain=a.test",
    {
      name: "__Host-a",
      value: "b",
      prefix: "__Host-",
      secure: true,
      domain: "a.test",
      refused: ["prefix-forbids-domain", "prefix-needs-path-root"],
      problems: ["prefix-forbids-domain", "prefix-needs-path-root"],
    },
  ],
  [
    "__Http-a=b; Secure",
    {
      name: "__Http-a",
      value: "b",
      prefix: "__Http-",
      secure: true,
      refused: ["prefix-needs-http-only"],
      problems: ["prefix-needs-http-only"],
    },
  ],
  [
    "__Host-Http-a=b; Secure; HttpOnly; Path=/",
    {
      name: "__Host-Http-a",
      value: "b",
      prefix: "__Host-Http-",
      secure: true,
      httpOnly: true,
      path: "/",
    },
  ],
  [
    "=__Secure-a=b",
    {
      name: "",
      value: "__Secure-a=b",
      refused: ["prefix-in-nameless-value"],
      problems: ["prefix-in-nameless-value"],
    },
  ],
] as const) {
  test(`Set-Cookie ${JSON.stringify(text)}`, () =>
    assert.deepEqual(settings(text), { ...base, refused: [], problems: [], ...expected }));
}

test("limits: name and value, attribute value, number of attributes", () => {
  const rules = (text: string) => parseSetCookie(text).problems.map(({ rule }) => rule);
  assert.deepEqual(rules(`a=${"x".repeat(COOKIE_LENGTH_MAX - 1)}`), []);
  assert.deepEqual(rules(`a=${"x".repeat(COOKIE_LENGTH_MAX)}`), ["too-long"]);
  assert.deepEqual(rules(`a=b; Path=/${"x".repeat(ATTRIBUTE_LENGTH_MAX - 1)}`), []);
  assert.deepEqual(rules(`a=b; Path=/${"x".repeat(ATTRIBUTE_LENGTH_MAX)}`), ["attribute-too-long"]);
  assert.deepEqual(rules(`a=b${";".repeat(ATTRIBUTE_COUNT_MAX)}`), []);
  assert.deepEqual(rules(`a=b${";".repeat(ATTRIBUTE_COUNT_MAX + 1)}`), ["too-many-attributes"]);
});

test("no message holds the value", () => {
  const text = "__Host-sid=s3cr3tvalue; SameSite=None; Domain=x; Foo=bar";
  assert.ok(!JSON.stringify(parseSetCookie(text)).includes("s3cr3t"));
});

test("positions point at attributes", () => {
  const text = "a=b;  SameSite=Foo ";
  const [problem] = parseSetCookie(text, 3).problems;
  assert.ok(problem);
  assert.equal(text.slice(problem.offset, problem.offset + problem.length), "SameSite=Foo");
  assert.equal(problem.field, 3);
});

for (const [text, expected] of [
  ["Wed, 09 Jun 2021 10:18:14 GMT", 1623233894],
  ["Wednesday, 09-Jun-21 10:18:14 GMT", 1623233894],
  ["Wed Jun  9 10:18:14 2021", 1623233894],
  ["09 jun 2021 10:18:14garbage", 1623233894],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["Thu, 31 Feb 2021 00:00:00 GMT", undefined],
  ["Thu, 01 Jan 1600 00:00:00 GMT", undefined],
  ["Thu, 01 Jan 2021 24:00:00 GMT", undefined],
  ["Thu, 01 Jan 2021", undefined],
  ["0", undefined],
] as const) {
  test(`cookie date ${text}`, () => assert.equal(parseCookieDate(text), expected));
}

for (const [text, expected] of [
  ["a=b", undefined],
  ["a=b; Max-Age=60; Expires=Wed, 09 Jun 2021 10:18:14 GMT", 60],
  ["a=b; Expires=Thu, 01 Jan 1970 00:20:00 GMT", 200],
  ["a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["a=b; Max-Age=-5", 0],
  ["a=b; Max-Age=99999999999", COOKIE_LIFETIME_MAX_SECONDS],
] as const) {
  test(`cookie lifetime ${text}`, () =>
    assert.equal(cookieLifetime(parseSetCookie(text), 1000), expected));
}
