import assert from "node:assert/strict";
import { test } from "node:test";

import { COOKIES_MAX, createCookieJar, FIELD_CHARACTERS_MAX } from "./cookie-jar.ts";

const NOW = Date.UTC(2026, 10, 22);
const PAGE = new URL("https://www.example.com/app/page");

function sent(cookies: readonly string[], to = "https://www.example.com/app/", from = PAGE) {
  const jar = createCookieJar();
  jar.store(from, cookies, NOW);
  return jar.fieldFor(new URL(to), NOW);
}

const CASES: readonly [name: string, cookie: string, to: string, isSent: boolean][] = [
  ["to the same directory", "a=1", "https://www.example.com/app/x", true],
  ["to another directory", "a=1", "https://www.example.com/other", false],
  ["everywhere by Path=/", "a=1; Path=/", "https://www.example.com/other", true],
  ["to a name that only begins alike", "a=1; Path=/app", "https://www.example.com/apple", false],
  ["to another host", "a=1; Path=/", "https://shop.example.com/", false],
  ["below its Domain", "a=1; Path=/; Domain=example.com", "https://shop.example.com/", true],
  ["below a host-only one", "a=1; Path=/", "https://x.www.example.com/", false],
  ["with another's Domain", "a=1; Path=/; Domain=other.com", "https://www.example.com/", false],
  ["over http", "a=1; Path=/", "http://www.example.com/", true],
  ["Secure over http", "a=1; Path=/; Secure", "http://www.example.com/", false],
  ["deleted", "a=1; Path=/; Max-Age=0", "https://www.example.com/", false],
  ["alive", "a=1; Path=/; Max-Age=1", "https://www.example.com/", true],
];
for (const [name, cookie, to, isSent] of CASES) {
  test(`a cookie is ${isSent ? "sent" : "not sent"}: ${name}`, () => {
    assert.equal(sent([cookie], to), isSent ? "a=1" : undefined);
  });
}

test("a later cookie takes the place of an equal one", () => {
  assert.equal(sent(["a=1", "b=2", "a=3"]), "a=3; b=2");
  assert.equal(sent(["a=1; Path=/", "a=; Path=/; Max-Age=0"]), undefined);
});

test("the jar holds no more cookies than its limit, and still renews those it has", () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `c${at}=1`);
  assert.equal(sent(many(COOKIES_MAX))?.split("; ").length, COOKIES_MAX);
  const full = sent([...many(COOKIES_MAX + 1), "c0=2"])?.split("; ");
  assert.equal(full?.length, COOKIES_MAX);
  assert.equal(full[0], "c0=2");
});

test("a field that servers would refuse is not sent", () => {
  const value = (length: number) => [`a=${"v".repeat(length - 2)}`];
  assert.equal(sent(value(FIELD_CHARACTERS_MAX))?.length, FIELD_CHARACTERS_MAX);
  assert.equal(sent(value(FIELD_CHARACTERS_MAX + 1)), undefined);
});
