import assert from "node:assert/strict";
import { test } from "node:test";
import { commonPrimeName } from "../../facts/tls/common-primes.ts";
import { groupByCode, groupByName, groupName } from "../tls/groups.ts";
import { bytesOf, rfc7919Prime } from "./finite-field.ts";
import { keyAgreement, LEGACY_GROUPS, MODERN_GROUPS } from "./key-shares.ts";

for (const bits of [2048, 3072, 4096, 6144, 8192]) {
  test(`the formula of RFC 7919 makes ffdhe${bits}`, () => {
    const prime = rfc7919Prime(bits);
    assert.ok(prime !== undefined);
    assert.equal(commonPrimeName(bytesOf(prime)), `RFC 7919 ffdhe${bits}`);
  });
}

test("no other size is one of RFC 7919", () => {
  assert.equal(rfc7919Prime(1024), undefined);
});

/** KEMs are no exchange of equals: their ciphertext is the server's to make. */
const symmetric = [...new Set([...LEGACY_GROUPS, ...MODERN_GROUPS])].filter((code) => {
  const kind = groupByCode(code)?.kind;
  return kind === "elliptic" || kind === "finite-field";
});
for (const code of symmetric) {
  test(`two sides agree in ${groupName(code)}`, () => {
    const [one, other] = [keyAgreement(code), keyAgreement(code)];
    assert.ok(one !== undefined && other !== undefined);
    const secret = one.agree(other.publicValue);
    assert.ok(secret !== undefined && secret.length > 0);
    assert.deepEqual(other.agree(one.publicValue), secret);
  });
}

test("values of finite fields are as long as the prime, and trivial ones are refused", () => {
  const agreement = keyAgreement(groupByName("ffdhe2048")?.code ?? 0);
  assert.equal(agreement?.publicValue.length, 256);
  assert.equal(agreement?.agree(Uint8Array.of(1)), undefined);
  assert.equal(agreement?.agree(new Uint8Array(256).fill(255)), undefined);
});

test("every group of TLS 1.3 that is offered can be computed in", () => {
  const names = MODERN_GROUPS.map(groupName);
  for (const wanted of [
    "x25519",
    "ffdhe8192",
    "MLKEM512",
    "MLKEM1024",
    "SecP384r1MLKEM1024",
    "brainpoolP512r1tls13",
  ]) {
    assert.ok(names.includes(wanted), wanted);
  }
  for (const code of MODERN_GROUPS) assert.equal(keyAgreement(code)?.group, code);
});

test("a group nobody here can compute in is offered in neither", () => {
  const unknown = groupByName("GC256A")?.code ?? 0;
  assert.equal(keyAgreement(unknown), undefined);
  assert.ok(!LEGACY_GROUPS.includes(unknown) && !MODERN_GROUPS.includes(unknown));
});
