import assert from "node:assert/strict";
import { test } from "node:test";

import type { HttpExchange, RegistrableDomain } from "../../core/http-site.ts";
import { exampleAnswer } from "../../core/http-site-example.ts";
import { fillJar } from "./cookie-jar.ts";

const NOW = Date.UTC(2026, 10, 22);
const own = (icann: string | null): RegistrableDomain => ({ icann, withPrivate: icann });
const DOMAINS: Readonly<Record<string, RegistrableDomain>> = {
  "example.com": own("example.com"),
  "www.example.com": own("example.com"),
  "shop.example.com": own("example.com"),
  "other.com": own("other.com"),
  com: own(null),
  "co.uk": own(null),
};

const setting = (url: string, ...cookies: readonly string[]): HttpExchange =>
  exampleAnswer(
    url,
    cookies.map((cookie) => ["Set-Cookie", cookie] as const),
  );
const fill = (...exchanges: readonly HttpExchange[]) => fillJar(exchanges, DOMAINS, NOW);
const HOST = "https://www.example.com/";
const kept = (cookie: string, url = HOST) => fill(setting(url, cookie));

const CASES: readonly [name: string, cookie: string, isKept: boolean][] = [
  ["a plain cookie", "a=1", true],
  ["one without a value", "a=", true],
  ["one without a name", "=1", false],
  ["one without an equals sign", "a", false],
  ["its own domain", "a=1; Domain=www.example.com", true],
  ["the domain above", "a=1; Domain=.Example.com", true],
  ["a sister's domain", "a=1; Domain=shop.example.com", false],
  ["somebody else's", "a=1; Domain=other.com", false],
  ["a public suffix", "a=1; Domain=com", false],
  ["an empty domain", "a=1; Domain=", true],
  ["__Secure- with Secure", "__Secure-a=1; Secure", true],
  ["__Secure- without", "__Secure-a=1", false],
  ["__Host- as it must be", "__Host-a=1; Secure; Path=/", true],
  ["__Host- with the path left out, on the root", "__Host-a=1; Secure", true],
  ["__Host- with a domain", "__Host-a=1; Secure; Path=/; Domain=www.example.com", false],
  ["__Host- with a path", "__Host-a=1; Secure; Path=/app", false],
  ["a prefix spelled otherwise", "__host-a=1", true],
  ["an expired one", "a=1; Max-Age=0", true],
];
for (const [name, cookie, isKept] of CASES) {
  test(`the jar ${isKept ? "keeps" : "drops"} ${name}`, () => {
    const { cookies, droppedCount } = kept(cookie);
    assert.deepEqual([cookies.length, droppedCount], isKept ? [1, 0] : [0, 1]);
  });
}

test("of two equal names the last counts; another path or domain is another cookie", () => {
  const { cookies } = fill(setting(HOST, "a=1", "a=2; Secure", "a=3; Path=/x"));
  assert.deepEqual(
    cookies.map(({ value, isSecure, storedPath }) => [value, isSecure, storedPath]),
    [
      ["2", true, "/"],
      ["3", false, "/x"],
    ],
  );
});

test("an expired cookie goes with the next request that would have sent it", () => {
  const gone = setting(HOST, "a=1; Max-Age=0");
  assert.equal(fill(gone, setting(HOST)).cookies.length, 0);
  assert.equal(fill(gone, setting("https://shop.example.com/")).cookies.length, 1);
  const below = setting(`${HOST}x/`, "a=1; Max-Age=0; Path=/x");
  assert.equal(fill(below, setting(HOST)).cookies.length, 1);
  const secure = setting(HOST, "a=1; Max-Age=0; Secure");
  assert.equal(fill(secure, setting("http://www.example.com/")).cookies.length, 1);
});

test("expiry: Max-Age goes before Expires, and the moment itself is past", () => {
  const at = (ms: number) => new Date(ms).toUTCString();
  const isExpired = (attributes: string) => kept(`a=1; ${attributes}`).cookies[0]?.isExpired;
  assert.equal(isExpired("Max-Age=1"), false);
  assert.equal(isExpired("Max-Age=-1"), true);
  assert.equal(isExpired(`Expires=${at(NOW)}`), true);
  assert.equal(isExpired(`Expires=${at(NOW + 1_000)}`), false);
  assert.equal(isExpired(`Max-Age=1; Expires=${at(NOW - 1_000)}`), false);
  assert.equal(isExpired(""), false);
});

test("without a path the directory of the page is the cookie's", () => {
  assert.equal(kept("a=1", `${HOST}x/y`).cookies[0]?.storedPath, "/x");
  assert.equal(kept("a=1; Path=y", `${HOST}x/y`).cookies[0]?.storedPath, "/x");
});
