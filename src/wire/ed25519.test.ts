import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { isPublicKey, isSignature, signingKey, verifies } from "./ed25519.ts";

const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");

// RFC 8032 section 7.1, TEST 2: the message is the one byte 0x72, "r".
const KEY = base64("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const SIGNATURE = base64(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
);

const OTHER = base64("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
/** The same with its scalar raised by the group's order: RFC 8032 section 5.1.7 refuses it. */
function malleated(): string {
  const bytes = Buffer.from(SIGNATURE, "base64");
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const scalar = BigInt(`0x${bytes.subarray(32).reverse().toString("hex")}`) + order;
  const raised = Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([Buffer.from(SIGNATURE, "base64").subarray(0, 32), raised]).toString(
    "base64",
  );
}

const CASES: readonly [
  name: string,
  key: string,
  text: string,
  signature: string,
  holds: boolean,
][] = [
  ["the published example", KEY, "r", SIGNATURE, true],
  ["another text", KEY, "s", SIGNATURE, false],
  ["another key", OTHER, "r", SIGNATURE, false],
  ["a signature of zeros", KEY, "r", Buffer.alloc(64).toString("base64"), false],
  ["a scalar past the order", KEY, "r", malleated(), false],
  ["a key that is too short", KEY.slice(0, 40), "r", SIGNATURE, false],
  ["a key that is no point", base64("ff".repeat(32)), "r", SIGNATURE, false],
  ["a signature that is too short", KEY, "r", SIGNATURE.slice(0, 84), false],
  ["no base64", KEY, "r", "!".repeat(88), false],
];

for (const [name, key, text, signature, holds] of CASES) {
  test(`ed25519: ${name} ${holds ? "verifies" : "does not verify"}`, () => {
    assert.equal(verifies(key, text, signature), holds);
  });
}

test("one key has one spelling", () => {
  assert.ok(isPublicKey(KEY));
  assert.ok(isSignature(SIGNATURE));
  // The last character but one holds two bits that decoding drops.
  const twin = KEY.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
  for (const text of [twin, `${KEY} `, KEY.slice(0, -1), `${KEY}\n`, "", KEY.repeat(1000)])
    assert.ok(!isPublicKey(text), text.slice(0, 50));
});

test("a private key signs what its public half verifies; another kind of key is none", () => {
  const pem = (kind: "ed25519" | "ed448" | "x25519") =>
    generateKeyPairSync(kind as "ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const key = signingKey(String(pem("ed25519")));
  assert.ok(key !== undefined);
  assert.ok(verifies(key.publicKey, "text", key.sign("text")));
  for (const text of [pem("ed448"), pem("x25519"), "", "-----BEGIN PRIVATE KEY-----\nAAAA\n"])
    assert.equal(signingKey(String(text)), undefined);
});
