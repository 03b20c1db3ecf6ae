import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { ca, crossSigned, HOST, keys, leaf, type Member } from "../../wire/x509/cast-example.ts";
import { extensionDer, generalName, pemOf } from "../../wire/x509/certificate-example.ts";
import { type Der, der, oid } from "../../wire/x509/der-example.ts";
import { type ChainOptions, readChain } from "./certificate-chain.ts";

const root = ca("Root", undefined, { key: keys.rsa() });
const inter = ca("Inter", root, { key: keys.rsa() });
const pemsOf = (...members: readonly Member[]) => members.map(({ der }) => pemOf(der)).join("");
const options: ChainOptions = {
  hostNames: [HOST],
  nowMs: Date.now(),
  systemRootsPem: pemsOf(root),
  caPem: undefined,
  staple: "none",
};
function verdict(sent: readonly Member[], change: Partial<ChainOptions> = {}): string {
  const { certificate } = readChain(
    sent.map(({ der }) => der),
    { ...options, ...change },
  );
  return [certificate.trusted, ...certificate.problems].join(" ");
}

/** An RSA key of `bits` with `exponent`; nobody has the other half. */
function rsaKey(bits: number, exponent: bigint | number = 65_537): Der {
  const modulus = odd(bits);
  const key = der.sequence(der.integer(modulus), der.integer(BigInt(exponent)));
  return der.sequence(der.sequence(oid("1.2.840.113549.1.1.1"), der.nothing()), der.bits(key));
}

/** A number of `bits` bits without a prime factor up to 752, far from any square. */
function odd(bits: number): bigint {
  const primes = Array.from({ length: 751 }, (_, at) => BigInt(at + 2));
  const filled = BigInt(`0x${"9e3779b97f4a7c15".repeat(Math.ceil(bits / 64))}`);
  let number = BigInt.asUintN(bits - 1, filled) | (1n << BigInt(bits - 1)) | 1n;
  while (primes.some((prime) => number % prime === 0n)) number += 2n;
  return number;
}

function curveKey(...curve: readonly string[]): Der {
  const point = Uint8Array.of(4, ...new Uint8Array(64).fill(7));
  const parameters = curve.length === 1 ? curve.map(oid) : [der.sequence(der.integer(1n))];
  return der.sequence(der.sequence(oid("1.2.840.10045.2.1"), ...parameters), der.bits(point));
}

const dsa = generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 224 });
const EC_512 = "1.3.36.3.3.2.8.1.1.13";

const keyRows: readonly [
  name: string,
  spki: Der | undefined,
  verdict: string,
  type: string,
  bits: number,
][] = [
  ["RSA 512", rsaKey(512), "yes weak-key", "RSA", 512],
  ["RSA 1023", rsaKey(1023), "yes weak-key", "RSA", 1023],
  ["RSA 1024", rsaKey(1024), "yes weak-key", "RSA", 1024],
  ["RSA 2047", rsaKey(2047), "yes weak-key", "RSA", 2047],
  ["RSA 2048", rsaKey(2048), "yes", "RSA", 2048],
  ["RSA 4096", rsaKey(4096), "yes", "RSA", 4096],
  ["RSA 16384", rsaKey(16_384), "yes", "RSA", 16_384],
  ["RSA 32768", rsaKey(32_768), "yes", "RSA", 32_768],
  ["exponent 0", rsaKey(2048, 0), "yes weak-key", "RSA", 2048],
  ["exponent 1", rsaKey(2048, 1), "yes weak-key", "RSA", 2048],
  ["exponent 2", rsaKey(2048, 2), "yes weak-key", "RSA", 2048],
  ["exponent 3", rsaKey(2048, 3), "yes", "RSA", 2048],
  ["exponent 65536", rsaKey(2048, 65_536), "yes weak-key", "RSA", 2048],
  ["exponent 2^64 + 1", rsaKey(2048, (1n << 64n) + 1n), "yes", "RSA", 2048],
  ["P-192", curveKey("1.2.840.10045.3.1.1"), "yes weak-key", "EC", 192],
  ["P-224", curveKey("1.3.132.0.33"), "yes weak-key", "EC", 224],
  ["P-256", curveKey("1.2.840.10045.3.1.7"), "yes", "EC", 256],
  ["P-384", curveKey("1.3.132.0.34"), "yes", "EC", 384],
  ["brainpoolP224r1", curveKey("1.3.36.3.3.2.8.1.1.5"), "yes weak-key", "EC", 224],
  ["brainpoolP512r1", curveKey(EC_512), "yes", "EC", 512],
  ["brainpoolP320t1", curveKey("1.3.36.3.3.2.8.1.1.10"), "yes", "EC", 320],
  ["explicit parameters of 256 bits", curveKey(), "yes weak-key", "EC", 256],
];
for (const [name, spki, said, type, bits] of keyRows) {
  test(`readChain: a key of ${name}`, () => {
    const end = leaf(inter, spki === undefined ? {} : { spki });
    assert.equal(verdict([end, inter]), said);
    const { certificate } = readChain([end.der], options);
    assert.deepEqual([certificate.keyType, certificate.keyBits], [type, bits]);
  });
}

const madeRows: readonly [name: string, key: Member["key"], verdict: string][] = [
  ["Ed25519", generateKeyPairSync("ed25519"), "yes"],
  ["Ed448", generateKeyPairSync("ed448"), "yes"],
  ["DSA", dsa, "yes weak-key"],
  ["RSA-PSS", generateKeyPairSync("rsa-pss", { modulusLength: 2048 }), "yes"],
];
for (const [name, key, said] of madeRows) {
  test(`readChain: a key of ${name}, and an issuer with one`, () => {
    assert.equal(verdict([leaf(inter, { key }), inter]), said);
    const issuer = ca("Made", root, { key });
    assert.equal(verdict([leaf(issuer), issuer]), said);
  });
}

const sha1Root = ca("Old Root", undefined, { key: keys.rsa(), signing: "sha1WithRSAEncryption" });
const md5Root = ca("Older Root", undefined, { key: keys.rsa(), signing: "md5WithRSAEncryption" });
const sha1Inter = ca("Old Inter", root, { key: keys.rsa(), signing: "sha1WithRSAEncryption" });
const smallInter = ca("Small", root, { key: keys.rsa(1024) });
const smallRoot = ca("Small Root", undefined, { key: keys.rsa(1024) });
const aloneSha1 = leaf(undefined, { key: keys.rsa(), signing: "sha1WithRSAEncryption" });
const sha1Again = crossSigned(inter, root, { signing: "sha1WithRSAEncryption" });

const signatureRows: readonly [
  name: string,
  sent: readonly Member[],
  roots: readonly Member[],
  verdict: string,
][] = [
  [
    "SHA-1 leaf",
    [leaf(inter, { signing: "sha1WithRSAEncryption" }), inter],
    [root],
    "no weak-signature",
  ],
  [
    "MD5 leaf",
    [leaf(inter, { signing: "md5WithRSAEncryption" }), inter],
    [root],
    "no weak-signature",
  ],
  ["SHA-384 leaf", [leaf(inter, { signing: "sha384WithRSAEncryption" }), inter], [root], "yes"],
  ["PSS leaf", [leaf(inter, { signing: "rsassaPss-SHA256" }), inter], [root], "yes"],
  ["SHA-1 intermediate", [leaf(sha1Inter), sha1Inter], [root], "no weak-signature"],
  ["SHA-1 intermediate that is the anchor", [leaf(sha1Inter), sha1Inter], [sha1Inter], "yes"],
  ["SHA-1 intermediate beside a sound one", [leaf(inter), sha1Again, inter], [root], "yes"],
  ["SHA-1 root", [leaf(sha1Root)], [sha1Root], "yes"],
  ["SHA-1 root, sent", [leaf(sha1Root), sha1Root], [sha1Root], "yes root-sent"],
  ["MD5 root, sent", [leaf(md5Root), md5Root], [md5Root], "yes root-sent"],
  ["SHA-1 root nobody knows", [leaf(sha1Root), sha1Root], [root], "no untrusted root-sent"],
  ["SHA-1 of its own", [aloneSha1], [root], "no self-signed weak-signature"],
  ["SHA-1 of its own, trusted", [aloneSha1], [aloneSha1], "yes"],
  ["RSA 1024 intermediate", [leaf(smallInter), smallInter], [root], "yes weak-key"],
  ["RSA 1024 root", [leaf(smallRoot)], [smallRoot], "yes"],
  ["RSA 1024 root, sent", [leaf(smallRoot), smallRoot], [smallRoot], "yes root-sent"],
];
for (const [name, sent, roots, said] of signatureRows) {
  test(`readChain: ${name}`, () => {
    assert.equal(verdict(sent, { systemRootsPem: pemsOf(...roots) }), said);
  });
}

const at = (iso: string) => new Date(iso);
const during = (from: string, days: number) => ({
  notBefore: at(from),
  notAfter: new Date(Date.parse(from) + days * 86_400_000),
});
const lifetimeRows: readonly [from: string, daysMax: number][] = [
  ["2018-03-01T00:00:00Z", 825],
  ["2020-08-31T23:59:59Z", 825],
  ["2020-09-01T00:00:00Z", 398],
  ["2026-03-14T23:59:59Z", 398],
  ["2026-03-15T00:00:00Z", 200],
  ["2027-03-14T23:59:59Z", 200],
  ["2027-03-15T00:00:00Z", 100],
  ["2029-03-14T23:59:59Z", 100],
  ["2029-03-15T00:00:00Z", 47],
  ["2017-01-01T00:00:00Z", 1_187],
];
const ages = ca("Ages", undefined, {
  notBefore: at("2000-01-01T00:00:00Z"),
  notAfter: at("2049-01-01T00:00:00Z"),
});
for (const [from, days] of lifetimeRows) {
  test(`readChain: issued ${from}, ${days} days are the most`, () => {
    const one = leaf(ages, during(from, days));
    const longer = leaf(ages, during(from, days + 1));
    const then = { nowMs: Date.parse(from) + 86_400_000 };
    const system = { ...then, systemRootsPem: pemsOf(ages) };
    assert.equal(verdict([one], system), "yes");
    assert.equal(verdict([longer], system), "yes too-long");
    // An own CA may do as it likes.
    const own = { ...then, systemRootsPem: pemsOf(root), caPem: pemsOf(ages) };
    assert.equal(verdict([longer], own), "by-your-ca");
  });
}

const soonRows: readonly [days: number, left: number, verdict: string][] = [
  [90, 30.1, "yes"],
  [90, 29.9, "yes expires-soon"],
  [199, 30.1, "yes"],
  [199, 29.9, "yes expires-soon"],
  [46, 15.4, "yes"],
  [46, 15.2, "yes expires-soon"],
  [6, 2.1, "yes"],
  [6, 1.9, "yes expires-soon"],
];
for (const [days, left, said] of soonRows) {
  test(`readChain: ${left} of ${days} days left`, () => {
    const end = leaf(ages, during("2026-11-01T00:00:00Z", days));
    const nowMs = Date.parse("2026-11-01T00:00:00Z") + (days - left) * 86_400_000;
    assert.equal(verdict([end], { nowMs, systemRootsPem: pemsOf(ages) }), said);
  });
}

test("readChain: valid at the second it begins and the second it ends", () => {
  const end = leaf(ages, during("2026-11-01T00:00:00Z", 10));
  const system = { systemRootsPem: pemsOf(ages) };
  const [from, to] = [Date.parse("2026-11-01T00:00:00Z"), Date.parse("2026-11-11T00:00:00Z")];
  assert.equal(verdict([end], { ...system, nowMs: from - 1_000 }), "no not-yet-valid");
  assert.equal(verdict([end], { ...system, nowMs: from }), "yes");
  assert.equal(verdict([end], { ...system, nowMs: to }), "yes expires-soon");
  assert.equal(verdict([end], { ...system, nowMs: to + 1_000 }), "no expired");
});

test("readChain: the names as written, a thousand of them, an address as a DNS name told apart", () => {
  const names = ["NUL\0.test", "esc\u001b[31m.test", "10.0.0.1", "*.a.test"].map(generalName.dns);
  const many = Array.from({ length: 1_000 }, (_, n) => generalName.dns(`n${n}.test`));
  const shown = (list: readonly Der[]) =>
    readChain([leaf(inter, { names: list }).der], options).certificate;
  assert.deepEqual(shown([...names, generalName.address(10, 0, 0, 2)]).names, [
    "nul\0.test",
    "esc\u001b[31m.test",
    "DNS:10.0.0.1",
    "*.a.test",
    "10.0.0.2",
  ]);
  assert.equal(shown(many).names.length, 1_000);
  const asked = { ...options, hostNames: ["10.0.0.1"] };
  const { certificate } = readChain([leaf(inter, { names }).der, inter.der], asked);
  assert.deepEqual(certificate.problems, ["name-mismatch"]);
});

test("readChain: negative and long serial numbers are shown as they are", () => {
  const serial = (value: bigint) =>
    readChain([leaf(inter, { serial: value }).der], options).certificate.serial;
  assert.equal(serial(0n), "00");
  assert.equal(serial(-5n), "-05");
  assert.equal(serial(-256n), "-0100");
  assert.equal(serial((1n << 511n) - 1n), `7F${"FF".repeat(63)}`);
  // Past 64 octets it is no serial number.
  const { certificate } = readChain([leaf(inter, { serial: 1n << 520n }).der], options);
  assert.deepEqual(certificate.problems, ["broken-der"]);
});

test("readChain: several certificates in --cacert, with comments and Windows' line ends", () => {
  const other = ca("Other");
  const text = `# our CAs\r\n${pemsOf(other, root).replaceAll("\n", "\r\n")}\r\nend\r\n`;
  const own = { systemRootsPem: pemsOf(ca("System")), caPem: text };
  assert.equal(verdict([leaf(inter), inter], own), "by-your-ca");
  assert.equal(
    verdict([leaf(inter), inter], { ...own, caPem: pemsOf(other) }),
    "no incomplete-chain",
  );
  // Nobody's store could be read, yet the operator's own CA vouches.
  assert.equal(verdict([leaf(inter), inter], { ...own, systemRootsPem: undefined }), "by-your-ca");
});

test("readChain: a key of Infineon's chips", () => {
  assert.equal(verdict([leaf(inter, { spki: rocaKey() }), inter]), "yes roca");
});

/** An RSA key whose modulus is a power of 65537 modulo the product of the primes up to 167: nobody's. */
function rocaKey(): Der {
  const primes = Array.from({ length: 166 }, (_, n) => n + 2).filter((n, _, all) =>
    all.every((divisor) => divisor >= n || n % divisor !== 0),
  );
  const product = primes.reduce((all, prime) => all * BigInt(prime), 1n);
  let modulus = (65_537n ** 1_000n % product) + product * (1n << 1_830n);
  const others = Array.from({ length: 751 }, (_, n) => BigInt(n + 2));
  while (others.some((divisor) => modulus % divisor === 0n)) modulus += product;
  const key = der.sequence(der.integer(modulus), der.integer(65_537n));
  return der.sequence(der.sequence(oid("1.2.840.113549.1.1.1"), der.nothing()), der.bits(key));
}

test("readChain: what demands a staple says so only where none came", () => {
  const end = leaf(inter, { says: [extensionDer.mustStaple()] });
  assert.equal(verdict([end, inter]), "yes must-staple-missing");
  assert.equal(verdict([end, inter], { staple: "unknown" }), "yes");
});
