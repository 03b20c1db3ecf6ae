import assert from "node:assert/strict";
import { test } from "node:test";
import type { SecretMeasure } from "../../core/secret.ts";
import {
  describeStrength,
  looksTyped,
  SHARED_SECRET_FLOOR,
  SIGNING_KEY_FLOOR,
  strengthFaults,
} from "./secret-strength.ts";

const GOOD: SecretMeasure = {
  length: 50,
  distinct: 5,
  effectiveBits: 128,
  fingerprint: "1a2b3c4d",
  isBlank: false,
  isPlaceholder: false,
  isUnexpanded: false,
  hasInsecurePrefix: false,
  wordShare: 0,
};

const cases: readonly [name: string, change: Partial<SecretMeasure>, rules: readonly string[]][] = [
  ["just enough", {}, []],
  ["one character short", { length: 49 }, ["too-short"]],
  ["four distinct", { distinct: 4 }, ["few-distinct-characters"]],
  ["a hair under 128 bits", { effectiveBits: 127.99 }, ["low-entropy"]],
  ["empty tells nothing else", { length: 0, distinct: 0, effectiveBits: 0 }, ["empty"]],
  ["blanks", { isBlank: true, distinct: 1, effectiveBits: 0 }, ["empty"]],
  ["placeholder first", { isPlaceholder: true, length: 9 }, ["placeholder", "too-short"]],
  ["unexpanded", { isUnexpanded: true }, ["unexpanded"]],
  ["django-insecure-", { hasInsecurePrefix: true }, ["insecure-prefix"]],
];

for (const [name, change, rules] of cases) {
  test(`secret strength: ${name}`, () => {
    const faults = strengthFaults({ ...GOOD, ...change }, SIGNING_KEY_FLOOR);
    assert.deepEqual(
      faults.map(({ rule }) => rule),
      rules,
    );
  });
}

test("secret strength: 31 and 32 characters, 95 and 96 bits of a shared secret", () => {
  const rules = (change: Partial<SecretMeasure>) =>
    strengthFaults({ ...GOOD, length: 32, effectiveBits: 96, ...change }, SHARED_SECRET_FLOOR).map(
      ({ rule }) => rule,
    );
  assert.deepEqual(rules({}), []);
  assert.deepEqual(rules({ length: 31 }), ["too-short"]);
  assert.deepEqual(rules({ effectiveBits: 95.9 }), ["low-entropy"]);
});

test("secret strength: bits shown are never rounded up to the floor", () => {
  const [fault] = strengthFaults({ ...GOOD, effectiveBits: 127.99 }, SIGNING_KEY_FLOOR);
  assert.equal(fault?.says, "has about 127 effective bits, fewer than 128");
});

test("secret strength: 70 % of words looks typed, less does not", () => {
  assert.equal(looksTyped({ ...GOOD, wordShare: 0.7 }), true);
  assert.equal(looksTyped({ ...GOOD, wordShare: 0.69 }), false);
});

test("secret strength: shown as measures only", () => {
  assert.equal(
    describeStrength({ ...GOOD, effectiveBits: 130.5 }),
    "set, 50 chars, fp:1a2b3c4d, 5 distinct, about 130 bits",
  );
  assert.equal(describeStrength({ ...GOOD, length: 0 }), "set to empty");
});
