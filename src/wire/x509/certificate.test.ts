import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Certificate, parseCertificate } from "./certificate.ts";
import { bitLength, readOid, readSmall, readTime, readTlv } from "./der.ts";
import { addressText, countScts } from "./extensions.ts";
import { parsePemBundle } from "./pem.ts";
import { isSignedBy } from "./verify.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/ /g, ""), "hex"));
const ascii = (tag: number, text: string) =>
  readTlv(Uint8Array.of(tag, text.length, ...Buffer.from(text)));

/** A self-signed certificate made by the openssl command. */
function make(key: readonly string[], ...args: readonly string[]): Certificate {
  const pem = execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      ...key,
      "-nodes",
      "-keyout",
      "/dev/null",
      "-subj",
      "/C=XX/O=Ünïcode Org/CN=a,b",
      "-utf8",
      "-days",
      "30",
      ...args,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  ).toString();
  const [der] = parsePemBundle(pem);
  const reading = parseCertificate(der ?? new Uint8Array());
  assert.ok(reading.ok);
  return reading.certificate;
}

const keys: readonly [key: readonly string[], args: readonly string[], shape: unknown[]][] = [
  [["rsa:1024"], [], ["RSA", 1024, undefined, 65537, "sha256WithRSAEncryption"]],
  [["rsa:1024"], ["-sha1"], ["RSA", 1024, undefined, 65537, "sha1WithRSAEncryption"]],
  [
    ["rsa:1024"],
    ["-sha384", "-sigopt", "rsa_padding_mode:pss"],
    ["RSA", 1024, undefined, 65537, "rsassaPss-SHA384"],
  ],
  [
    ["rsa:1024", "-pkeyopt", "rsa_keygen_pubexp:3"],
    [],
    ["RSA", 1024, undefined, 3, "sha256WithRSAEncryption"],
  ],
  [
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    [],
    ["EC", 256, "secp256r1", undefined, "ecdsa-with-SHA256"],
  ],
  [
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
    ["-sha512"],
    ["EC", 521, "secp521r1", undefined, "ecdsa-with-SHA512"],
  ],
  [
    ["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"],
    [],
    ["EC", 224, "secp224r1", undefined, "ecdsa-with-SHA256"],
  ],
  [
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
    [],
    ["EC", 256, undefined, undefined, "ecdsa-with-SHA256"],
  ],
  [["ed25519"], [], ["Ed25519", 256, undefined, undefined, "Ed25519"]],
  [["ed448"], [], ["Ed448", 456, undefined, undefined, "Ed448"]],
];

for (const [key, args, shape] of keys) {
  test(`parseCertificate: ${[...key, ...args].join(" ")}`, () => {
    const certificate = make(key, ...args);
    const { type, bits, curve, exponent } = certificate.publicKey;
    assert.deepEqual([type, bits, curve, exponent, certificate.signature.name], shape);
    assert.equal(certificate.subject.text, "C=XX, O=Ünïcode Org, CN=a,b");
    assert.equal(certificate.subject.key, certificate.issuer.key);
    assert.equal(isSignedBy(certificate, certificate), true);
  });
}

test("parseCertificate: extensions", () => {
  const { extensions } = make(
    ["ed25519"],
    "-addext",
    "subjectAltName=DNS:A.test,DNS:*.b.test,IP:10.0.0.1,IP:2001:db8::1,URI:https://c.test,email:d@e.test",
    "-addext",
    "extendedKeyUsage=serverAuth,clientAuth",
    "-addext",
    "keyUsage=digitalSignature",
    "-addext",
    "tlsfeature=status_request",
    "-addext",
    "1.3.6.1.4.1.11129.2.4.2=DER:04:0b:00:09:00:02:aa:bb:00:03:cc:dd:ee",
  );
  assert.deepEqual(extensions.dnsNames, ["a.test", "*.b.test"]);
  assert.deepEqual(extensions.ipAddresses, ["10.0.0.1", "2001:db8::1"]);
  assert.deepEqual(extensions.extendedKeyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  assert.equal(extensions.mayCertify, false);
  assert.equal(extensions.mustStaple, true);
  assert.equal(extensions.sctCount, 2);
  assert.equal(extensions.basicConstraints?.isCa, true);
  assert.deepEqual(extensions.broken, []);
});

test("parseCertificate: a broken extension is named, the rest is read", () => {
  const { extensions } = make(
    ["ed25519"],
    "-addext",
    "subjectAltName=DER:30:05:82:09:61",
    "-addext",
    "tlsfeature=status_request",
  );
  assert.deepEqual(extensions.broken, ["2.5.29.17"]);
  assert.equal(extensions.mustStaple, true);
});

test("parseCertificate: no cut, no flipped octet throws", () => {
  const { der } = make(
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "-addext",
    "subjectAltName=DNS:a.test,IP:::1",
  );
  for (let at = 0; at < der.length; at++) {
    assert.equal(parseCertificate(der.subarray(0, at)).ok, false);
    const flipped = Uint8Array.from(der);
    flipped[at] = (flipped[at] ?? 0) ^ 0xff;
    assert.doesNotThrow(() => parseCertificate(flipped));
  }
  assert.equal(parseCertificate(Uint8Array.of(...der, 0)).ok, false);
  assert.equal(parseCertificate(new Uint8Array(200_000)).ok, false);
});

test("parsePemBundle: every certificate of the system's store is read", () => {
  const pem = readFileSync("/etc/ssl/certs/ca-certificates.crt", "utf8");
  const ders = parsePemBundle(pem);
  assert.equal(ders.length, pem.split("-----BEGIN CERTIFICATE-----").length - 1);
  for (const der of ders) assert.equal(parseCertificate(der).ok, true);
});

test("parsePemBundle: text around, other labels, other line ends", () => {
  const body = "MAMCAQE=";
  const block = (label: string, text = body) =>
    `-----BEGIN ${label}-----\r\n${text}\r\n-----END ${label}-----\r\n`;
  const one = Uint8Array.of(0x30, 3, 2, 1, 1);
  const text = `# my CA\nsubject=CN = x\n\n${block("CERTIFICATE")}\n; next\n${block("X509 CERTIFICATE")}`;
  assert.deepEqual(parsePemBundle(text), [one, one]);
  assert.deepEqual(parsePemBundle(block("TRUSTED CERTIFICATE", "MAMCAQEwAA==")), [one]);
  assert.deepEqual(parsePemBundle(block("PRIVATE KEY") + block("CERTIFICATE")), [one]);
  assert.deepEqual(parsePemBundle(block("CERTIFICATE", "MAMCAQ==")), []);
  assert.deepEqual(parsePemBundle(`\ufeff${block("CERTIFICATE")}`), [one]);
});

test("parsePemBundle: what is no certificate is left out", () => {
  assert.deepEqual(parsePemBundle(""), []);
  assert.deepEqual(
    parsePemBundle("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----"),
    [],
  );
  assert.deepEqual(
    parsePemBundle("-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----"),
    [],
  );
  assert.deepEqual(parsePemBundle("-----BEGIN CERTIFICATE-----\nMAA="), []);
  assert.equal(
    parsePemBundle("-----BEGIN CERTIFICATE-----\r\nMAA=\r\n-----END CERTIFICATE-----").length,
    1,
  );
});

const lengths: readonly [hex: string, body: number | undefined][] = [
  ["30 00", 0],
  ["04 01 ff", 1],
  ["04 02 ff", undefined],
  ["04 80 00 00", undefined],
  ["04 81 01 ff", undefined],
  ["04 84 ff ff ff ff 00", undefined],
  ["04 85 00 00 00 00 01 00", undefined],
  ["1f 01 00", undefined],
  ["04", undefined],
  ["", undefined],
];
for (const [hex, body] of lengths) {
  test(`readTlv: ${hex || "nothing"}`, () => assert.equal(readTlv(bytes(hex))?.body.length, body));
}

test("readOid, readSmall, readTime, bitLength, addresses, timestamps", () => {
  assert.equal(readOid(readTlv(bytes("06 09 2a864886f70d01010b"))), "1.2.840.113549.1.1.11");
  assert.equal(readOid(readTlv(bytes("06 03 88 37 03"))), "2.999.3");
  assert.equal(readOid(readTlv(bytes("06 02 2a 86"))), undefined);
  assert.equal(readOid(readTlv(bytes("06 00"))), undefined);
  assert.equal(readSmall(readTlv(bytes("02 02 01 00"))), 256);
  assert.equal(readSmall(readTlv(bytes("02 01 80"))), undefined);
  assert.equal(readTime(ascii(0x17, "491231235959Z")), Date.UTC(2049, 11, 31, 23, 59, 59));
  assert.equal(readTime(ascii(0x17, "500101000000Z")), Date.UTC(1950, 0, 1));
  assert.equal(readTime(ascii(0x18, "20500101000000Z")), Date.UTC(2050, 0, 1));
  for (const text of [
    "20500231000000Z",
    "20501301000000Z",
    "20500101250000Z",
    "2050010100000",
    "20500101000000+0100",
  ]) {
    assert.equal(readTime(ascii(0x18, text)), undefined, text);
  }
  assert.equal(bitLength(bytes("00 01 00")), 9);
  assert.equal(addressText(new Uint8Array(16)), "::");
  assert.equal(addressText(bytes("20010db8000000000001000000000001")), "2001:db8::1:0:0:1");
  assert.equal(addressText(bytes("0a0000")), undefined);
  assert.equal(countScts(bytes("0000")), 0);
  assert.equal(countScts(bytes("0003 0002 aa")), undefined);
  assert.equal(countScts(bytes("00")), undefined);
});
