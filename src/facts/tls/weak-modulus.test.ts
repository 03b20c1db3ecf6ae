import assert from "node:assert/strict";
import { checkPrimeSync, generatePrimeSync } from "node:crypto";
import { test } from "node:test";

import { type ModulusWeakness, modulusWeakness } from "./weak-modulus.ts";

const octetsOf = (value: bigint) => {
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
};
const prime = (bits: number) => generatePrimeSync(bits, { bigint: true });

function nextPrime(from: bigint): bigint {
  let candidate = from | 1n;
  while (!checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** A prime as Infineon's library made them: k M + (65537^a mod M). */
function infineonPrime(bits: number, a: bigint): bigint {
  const primes = Array.from({ length: 166 }, (_, at) => BigInt(at + 2)).filter((n) =>
    checkPrimeSync(n),
  );
  assert.equal(primes.length, 39);
  const primorial = primes.reduce((product, each) => product * each, 1n);
  let residue = 1n;
  for (let at = 0n; at < a; at += 1n) residue = (residue * 65_537n) % primorial;
  let candidate = ((prime(bits) / primorial) * primorial + residue) as bigint;
  while (!checkPrimeSync(candidate)) candidate += primorial;
  return candidate;
}

const p512 = prime(512);
const p1024 = prime(1024);
const rows: readonly [name: string, modulus: bigint, weakness: ModulusWeakness | undefined][] = [
  ["ordinary, 1024 bits", p512 * prime(512), undefined],
  ["ordinary, 2048 bits", p1024 * prime(1024), undefined],
  ["Infineon's, 1024 bits", infineonPrime(512, 1234n) * infineonPrime(512, 77n), "roca"],
  ["Infineon's, 2048 bits", infineonPrime(1024, 5n) * infineonPrime(1024, 999n), "roca"],
  ["one prime of Infineon's", infineonPrime(512, 1234n) * prime(512), undefined],
  ["twin primes nearly", p1024 * nextPrime(p1024 + 2n), "close-primes"],
  ["a square", p512 * p512, "close-primes"],
  // The distance grows with the fourth root: 2^265 apart is some 2^17 rounds, and not looked for.
  ["primes not close enough", p512 * nextPrime(p512 + (1n << 265n)), undefined],
  ["even", p1024 * 2n, "small-factor"],
  ["divisible by 751", p1024 * 751n, "small-factor"],
  ["divisible by 757", p1024 * 757n, undefined],
  ["zero", 0n, "small-factor"],
];
for (const [name, modulus, weakness] of rows) {
  test(`modulusWeakness: ${name}`, () => {
    assert.equal(modulusWeakness(octetsOf(modulus)), weakness);
  });
}

test("modulusWeakness: 16,384 bits are looked into, more are not, both are quick", () => {
  const even = (octets: number) => new Uint8Array(octets).fill(0xfe);
  const odd = new Uint8Array(2_048).fill(0xff);
  odd[2_047] = 0x01;
  const startedMs = performance.now();
  assert.equal(modulusWeakness(even(2_048)), "small-factor");
  assert.equal(modulusWeakness(even(2_049)), undefined);
  assert.doesNotThrow(() => modulusWeakness(odd));
  assert.ok(performance.now() - startedMs < 500);
});
