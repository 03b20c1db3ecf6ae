import assert from "node:assert/strict";
import { test } from "node:test";

import { measureSecret, namesReferred } from "./secret-measure.ts";

const options = { fingerprintKey: "test", isSet: (name: string) => name === "SET" };
const measure = (value: string) => measureSecret(value, options);

test("measureSecret counts code points, not UTF-16 units", () => {
  assert.equal(measure("🔑".repeat(32)).length, 32);
});

const bits: readonly [name: string, value: string, atLeast: number, below: number][] = [
  ["one letter repeated has no entropy", "k".repeat(50), 0, 1],
  ["digits counted up and repeated", "0123456789".repeat(6), 0, 10],
  ["alphabet", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", 0, 12],
  ["two letters alternating", "ab".repeat(30), 0, 3],
  ["32 hex digits are at least 96 bits", "9f86d081884c7d659a2feaa0c55ad015", 96, 128],
  [
    "token_urlsafe(48)",
    "Qm3v0yZ1rT8kJx2LhW5uN7aBcD9eF4gHiKlMoPqRsTuVwXyZ0123a-_bC6dE8fG1",
    300,
    400,
  ],
];
for (const [name, value, atLeast, below] of bits) {
  test(`effectiveBits: ${name}`, () => {
    const { effectiveBits } = measure(value);
    assert.ok(effectiveBits >= atLeast && effectiveBits < below, String(effectiveBits));
  });
}

const placeholders: readonly [value: string, expected: boolean][] = [
  ["changeme-".repeat(7), true],
  ["changeme".repeat(8), true],
  ["mechange".repeat(8), true],
  ["dev-only-insecure-key-do-not-use-in-prod", true],
  ["your-generated-secret-here", true],
  ["<generate me>", true],
  ["[secret]", true],
  ["REPLACE_ME", true],
  ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true],
  ["django-insecure-0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u", true],
  ["replaced-by-nobody-9f86d081884c7d659a2feaa0c55ad015", false],
  ["plimsoll-fixture-FLf3nPrwusP2WWE3WmCPrtruH8Lm_qcPV2_jzadyRbT4EU_", false],
  ["9f86d081884c7d659a2feaa0c55ad015", false],
];
for (const [value, expected] of placeholders) {
  test(`isPlaceholder: ${value.slice(0, 30)} is ${expected}`, () => {
    assert.equal(measure(value).isPlaceholder, expected);
  });
}

const unexpanded: readonly [value: string, expected: boolean][] = [
  ["$(python3 -c 'x')", true],
  ["a`date`b", true],
  ["${UNSET}", true],
  ["${UNSET:-x}", true],
  ["${SET}", false],
  ["$(openssl rand -hex 32)", true],
  ["$(uuidgen)", true],
  ["prefix-$( </run/secrets/key)", true],
  ["$(/usr/bin/pwgen -s 64 1", true],
  ["$(…)", true],
  // Django's own alphabet: a bracket after a dollar sign is chance, not a command.
  ["v(p)7k!m$(_w2x9q(dfa&*o)^r%3y+j=h#0c-z5l1t8b@6n", false],
  ["q$((w7(x", false],
  ["m2$(@v)", false],
  ["a`b", false],
  ["pa$$word", false],
];
for (const [value, expected] of unexpanded) {
  test(`isUnexpanded: ${value} is ${expected}`, () => {
    assert.equal(measure(value).isUnexpanded, expected);
  });
}

const referred: readonly (readonly [written: string, names: readonly string[]])[] = [
  ["${A}-x", ["A"]],
  ['"${A}${B}"', ["A", "B"]],
  ["'${A}'", []],
  ["${A:-x}", []],
  ["$A", []],
];
for (const [written, names] of referred) {
  test(`namesReferred: ${written}`, () => assert.deepEqual(namesReferred(written), names));
}

test("a value that a reader shortened is unexpanded", () => {
  const isShortened = (value: string) => value === "ab";
  assert.equal(measureSecret("ab", { ...options, isShortened }).isUnexpanded, true);
  assert.equal(measureSecret("abc", { ...options, isShortened }).isUnexpanded, false);
});

test("wordShare: a typed sentence is covered, a generated key is not", () => {
  const typed = "this-is-our-very-long-production-server-session-token-please-do-not-share-it";
  assert.ok(measure(typed).wordShare >= 0.7);
  assert.ok(measure("correcthorsebatterystaplecorrecthorsebatterystaple").wordShare >= 0.99);
  assert.ok(
    measure("plimsoll-fixture-FLf3nPrwusP2WWE3WmCPrtruH8Lm_qcPV2_jzadyRbT4EU_").wordShare < 0.4,
  );
});

test("fingerprints: equal under one key, different under another, 8 hex digits", () => {
  assert.equal(measure("abc").fingerprint, measure("abc").fingerprint);
  assert.notEqual(
    measure("abc").fingerprint,
    measureSecret("abc", { ...options, fingerprintKey: "2" }).fingerprint,
  );
  assert.match(measure("abc").fingerprint, /^[0-9a-f]{8}$/);
});

test("a megabyte is measured in bounded time", () => {
  assert.equal(measure("ab1".repeat(400_000)).length, 1_200_000);
});
