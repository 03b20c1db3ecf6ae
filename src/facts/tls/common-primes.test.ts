import assert from "node:assert/strict";
import { getDiffieHellman } from "node:crypto";
import { test } from "node:test";
import { commonPrimeName } from "./common-primes.ts";

/** OpenSSL's own copies of the groups. */
const GROUPS = [
  ["modp1", "RFC 2409 group 1 (Oakley, 768 bits)"],
  ["modp2", "RFC 2409 group 2 (Oakley, 1024 bits)"],
  ["modp14", "RFC 3526 group 14 (2048 bits)"],
  ["modp18", "RFC 3526 group 18 (8192 bits)"],
] as const;

test("knows shared primes, with or without zeros before them", () => {
  for (const [group, name] of GROUPS) {
    const prime = getDiffieHellman(group).getPrime();
    assert.equal(commonPrimeName(prime), name);
    assert.equal(commonPrimeName(Buffer.concat([Buffer.of(0, 0), prime])), name);
  }
});

test("takes no other number for one", () => {
  const prime = getDiffieHellman("modp2").getPrime();
  prime[prime.length - 1] = (prime.at(-1) ?? 0) ^ 2;
  assert.equal(commonPrimeName(prime), undefined);
  assert.equal(commonPrimeName(new Uint8Array(0)), undefined);
  assert.equal(commonPrimeName(new Uint8Array(128)), undefined);
});
