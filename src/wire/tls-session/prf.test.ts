import assert from "node:assert/strict";
import { test } from "node:test";
import { prf, transcriptHash } from "./prf.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

test("the PRF of TLS 1.2 gives the vectors of the IETF TLS list", () => {
  const sha256 = prf(
    "sha256",
    bytes("9bbe436ba940f017b17652849a71db35"),
    "test label",
    bytes("a0ba9f936cda311827a6f796ffd5198c"),
    100,
  );
  assert.equal(
    hex(sha256),
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
  );
  const sha384 = prf(
    "sha384",
    bytes("b80b733d6ceefcdc71566ea48e5567df"),
    "test label",
    bytes("cd665cf6a8447dd6ff8b27555edb7465"),
    148,
  );
  assert.equal(
    hex(sha384),
    "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
  );
});

test("the PRF of TLS 1.0 gives the master secret of OpenSSL's test vectors", () => {
  const randoms =
    "e5acaf549cd25c22d964c0d930fa4b5261d2507fad84c33715b7b9a864020693" +
    "135e4d557fdf3aa6406d82975d5c606a9734c9334b42136e96990fbd5358cdb2";
  const premaster =
    "bded7fa5c1699c010be23dd06ada3a48349f21e5f86263d512c0c5cc379f0e780ec55d9844b2f1db02a96453513568d0";
  const master = prf("md5+sha1", bytes(premaster), "master secret", bytes(randoms), 48);
  assert.equal(
    hex(master),
    "2f6962dfbc744c4b2138bb6b3d33054c5ecc14f24851d9896395a44ab3964efc2090c5bf51a0891209f46c1e1e998f62",
  );
});

test("halves of a secret of odd length share its middle byte", () => {
  // openssl kdf -keylen 16 -kdfopt digest:MD5-SHA1 -kdfopt hexsecret:0102030405 -kdfopt seed:label -kdfopt hexseed:aabb TLS1-PRF
  assert.equal(
    hex(prf("md5+sha1", bytes("0102030405"), "label", bytes("aabb"), 16)),
    "8bd8a848862be20ff19d0bd149798407",
  );
});

test("the transcript of TLS 1.0 is hashed twice", () => {
  assert.equal(
    hex(transcriptHash("md5+sha1", [bytes("61"), bytes("6263")])),
    "900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717850c26c9cd0d89d",
  );
});
