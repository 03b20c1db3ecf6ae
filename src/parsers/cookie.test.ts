import assert from "node:assert/strict";
import { test } from "node:test";

import {
  defaultCookiePath,
  domainMatches,
  maskSetCookie,
  parseCookieDate,
  parseSetCookie,
  pathMatches,
} from "./cookie.ts";

const NONE = { isSecure: false, isHttpOnly: false };
const COOKIES: readonly [field: string, cookie: object | undefined][] = [
  ["a=b", { name: "a", value: "b", ...NONE }],
  [" a = b ; secure; HTTPONLY=1", { name: "a", value: "b", isSecure: true, isHttpOnly: true }],
  ["a=b; SameSite=Lax; samesite=foo", { name: "a", value: "b", ...NONE }],
  ["a=b; samesite=foo; SameSite = STRICT", { name: "a", value: "b", ...NONE, sameSite: "strict" }],
  ["a=b; Domain=.Example.COM; Domain=", { name: "a", value: "b", ...NONE, domain: "example.com" }],
  ["a=b; Path=x", { name: "a", value: "b", ...NONE, path: null }],
  ["a=b; Max-Age=1x; max-age=-5", { name: "a", value: "b", ...NONE, maxAge: -5 }],
  [
    "a=b; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
    { name: "a", value: "b", ...NONE, expiresMs: 1000 },
  ],
  ["a=b=c", { name: "a", value: "b=c", ...NONE }],
  ["=b", undefined],
  ["novalue", undefined],
  ["", undefined],
  ["a=b\tc", undefined],
];
for (const [field, cookie] of COOKIES) {
  test(`Set-Cookie: ${JSON.stringify(field)}`, () =>
    assert.deepEqual(parseSetCookie(field), cookie));
}

const DATES: readonly [text: string, iso: string | undefined][] = [
  ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
  ["06 Nov 69 08:49:37", "2069-11-06T08:49:37.000Z"],
  ["06 Nov 1600 08:49:37", undefined],
  ["32 Nov 1994 08:49:37", undefined],
  ["06 Nov 1994 24:49:37", undefined],
  ["never", undefined],
];
for (const [text, iso] of DATES) {
  test(`date ${text}`, () => {
    assert.equal(parseCookieDate(text), iso === undefined ? undefined : Date.parse(iso));
  });
}

test("domains match as RFC 6265 section 5.1.3 has it", () => {
  assert.equal(domainMatches("a.example.com", "example.com"), true);
  assert.equal(domainMatches("aexample.com", "example.com"), false);
  assert.equal(domainMatches("1.2.3.4", "3.4"), false);
});

test("paths match as RFC 6265 section 5.1.4 has it", () => {
  assert.deepEqual(["/", "/a", "/a/b", "x"].map(defaultCookiePath), ["/", "/", "/a", "/"]);
  assert.equal(pathMatches("/a/b", "/a"), true);
  assert.equal(pathMatches("/ab", "/a"), false);
  assert.equal(pathMatches("/a/b", "/a/"), true);
});

test("a mask keeps length, form and attributes", () => {
  assert.equal(maskSetCookie("a=Ab1.-=; Path=/a1"), "a=xxx.-=; Path=/a1");
  assert.equal(maskSetCookie("bare1; Secure"), "xxxxx; Secure");
});
