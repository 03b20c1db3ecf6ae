import assert from "node:assert/strict";
import { test } from "node:test";
import { NONCE_BITS_MIN, nonceBits, varyingPart } from "./nonce-strength.ts";

const BITS: readonly [nonce: string, isEnough: boolean][] = [
  ["rAnd0mBase64Value+/xyz", true],
  ["rAnd0mBase64Value+/xy", false],
  ["rAnd0mBase64Value+/xyz==", true],
  ["0123456789abcdef0123456789abcdef", true],
  ["0123456789abcdef0123456789abcde", false],
  ["1f7a2f62-9c7e-4a55-8f1e-2f0e8b7c1d22", true],
  ["170012345678901234567890", false],
  ["", false],
];
for (const [nonce, isEnough] of BITS) {
  test(`nonce ${nonce || "of nothing"} can ${isEnough ? "" : "not "}hold 128 bits`, () => {
    assert.equal(nonceBits(nonce) >= NONCE_BITS_MIN, isEnough);
  });
}

test("what two nonces have in common counts from six characters on", () => {
  assert.equal(varyingPart("abcde12345", "abcde67890"), "abcde12345");
  assert.equal(varyingPart("abcdef1234", "abcdef6789"), "1234");
  assert.equal(varyingPart("abc12xyz", "abc34xyz"), "12");
});
