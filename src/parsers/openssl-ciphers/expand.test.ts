import assert from "node:assert/strict";
import { test } from "node:test";

import { CIPHER_LIST_CHARACTERS_MAX, CIPHER_LIST_WORDS_MAX, expandCipherList } from "./expand.ts";
import { OPENSSL_SUITES } from "./suites.ts";

const names = (text: string) => expandCipherList(text).suites.map(({ name }) => name);

const cases: readonly [text: string, names: string][] = [
  ["", ""],
  ["AES128-GCM-SHA256", "AES128-GCM-SHA256"],
  ["AES128-SHA:NO-SUCH-SUITE", "AES128-SHA"],
  ["AES128-SHA AES256-SHA,AES128-SHA256;NULL-MD5", "AES128-SHA AES256-SHA AES128-SHA256 NULL-MD5"],
  ["AES128-SHA:AES256-SHA:+AES128-SHA", "AES256-SHA AES128-SHA"],
  ["AES128-SHA:AES256-SHA:-AES128-SHA:AES128-SHA", "AES256-SHA AES128-SHA"],
  ["AES128-SHA:!AES128-SHA:AES128-SHA:AES256-SHA", "AES256-SHA"],
  ["AES128-SHA:AES256-SHA:@STRENGTH", "AES256-SHA AES128-SHA"],
  ["EDH-RSA-DES-CBC3-SHA", "DHE-RSA-DES-CBC3-SHA"],
  ["kRSA+RC4", "RC4-SHA RC4-MD5 EXP-RC4-MD5"],
  ["kRSA+AESGCM+MD5", ""],
  ["AES256-SHA+AES128:AES256-SHA+AES256", "AES256-SHA"],
  ["EXP", "EXP-ADH-RC4-MD5 EXP-RC2-CBC-MD5 EXP-RC4-MD5"],
  ["SUITEB192:ALL", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ["AES128-SHA:SUITEB192", "AES128-SHA"],
  ["AES128-SHA:DEFAULT", "AES128-SHA"],
  ["constructor:__proto__:AES128-SHA", "AES128-SHA"],
];
for (const [text, answer] of cases) {
  test(`the cipher list ${JSON.stringify(text)} is ${answer === "" ? "empty" : answer}`, () => {
    const found = names(text).filter((name) => !name.includes("DES-CBC-SHA"));
    assert.equal(found.join(" "), answer);
  });
}

test("3DES is MEDIUM, as since OpenSSL 1.1.0: HIGH:!aNULL:!MD5 has none, and CBC suites without number", () => {
  const suites = expandCipherList("HIGH:!aNULL:!MD5").suites;
  assert.ok(suites.every(({ encryption }) => encryption !== "3DES" && encryption !== "RC4"));
  assert.ok(suites.some(({ name }) => name === "AES128-SHA"));
  assert.ok(names("MEDIUM").includes("DES-CBC3-SHA"));
  assert.ok(names("MEDIUM").includes("RC4-SHA"));
  assert.ok(!names("DEFAULT").includes("DES-CBC3-SHA"));
  assert.ok(names("ALL").includes("ADH-AES128-SHA"));
  assert.ok(!names("ALL").includes("NULL-SHA"));
  assert.deepEqual(names("LOW").sort(), [
    "ADH-DES-CBC-SHA",
    "DES-CBC-SHA",
    "EDH-DSS-DES-CBC-SHA",
    "EDH-RSA-DES-CBC-SHA",
  ]);
});

test("the security level is told, and words OpenSSL does not know are", () => {
  const list = expandCipherList("HIGH:@SECLEVEL=0:NONSENSE:!aNULL:@SECLEVEL=9");
  assert.equal(list.securityLevel, 0);
  assert.deepEqual(list.ignored, ["NONSENSE", "@SECLEVEL=9"]);
  assert.equal(expandCipherList("HIGH").securityLevel, undefined);
});

test("a list is read up to a number of words and characters", () => {
  const words = (count: number) => `${"x:".repeat(count - 1)}AES128-SHA`;
  assert.deepEqual(names(words(CIPHER_LIST_WORDS_MAX)), ["AES128-SHA"]);
  assert.deepEqual(names(words(CIPHER_LIST_WORDS_MAX + 1)), []);
  const long = (length: number) => `${"x".repeat(length - ":AES128-SHA".length)}:AES128-SHA`;
  assert.deepEqual(names(long(CIPHER_LIST_CHARACTERS_MAX)), ["AES128-SHA"]);
  assert.deepEqual(names(long(CIPHER_LIST_CHARACTERS_MAX + 1)), []);
});

test("every suite has a name of each kind, once", () => {
  for (const key of ["name", "ianaName"] as const) {
    assert.equal(new Set(OPENSSL_SUITES.map((suite) => suite[key])).size, OPENSSL_SUITES.length);
  }
  assert.ok(OPENSSL_SUITES.every(({ ianaName }) => /^TLS_\w+_WITH_\w+$/.test(ianaName)));
});
