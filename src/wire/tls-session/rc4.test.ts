import assert from "node:assert/strict";
import { test } from "node:test";
import { createRc4 } from "./rc4.ts";

/** RFC 6229 section 2: key, and the key stream at offset 0 and 16. */
const VECTORS: readonly (readonly [key: string, at0: string, at16: string])[] = [
  ["0102030405", "b2396305f03dc027ccc3524a0a1118a8", "6982944f18fc82d589c403a47a0d0919"],
  [
    "0102030405060708090a0b0c0d0e0f10",
    "9ac7cc9a609d1ef7b2932899cde41b97",
    "5248c4959014126a6e8a84f11d1a9e1c",
  ],
];

for (const [key, at0, at16] of VECTORS) {
  test(`the key stream of ${key}, in one piece and in two`, () => {
    const zeros = new Uint8Array(16);
    const crypt = createRc4(Buffer.from(key, "hex"));
    assert.equal(Buffer.from(crypt(zeros)).toString("hex"), at0);
    assert.equal(Buffer.from(crypt(zeros)).toString("hex"), at16);
  });
}
