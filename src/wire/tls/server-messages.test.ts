import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, u16, u32, vector } from "./byte-writing.ts";
import { CERTIFICATES_MAX, decodeCertificate, decodeCertificateStatus } from "./certificate.ts";
import { type Extension, encodeExtensions } from "./extensions.ts";
import { decodeServerHello } from "./server-hello.ts";
import { bitLength, decodeServerKeyExchange } from "./server-key-exchange.ts";
import {
  decodeCertificateRequest,
  decodeEncryptedExtensions,
  decodeNewSessionTicket13,
} from "./server-messages.ts";
import { suiteByName } from "./suites.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");
const EMPTY = new Uint8Array(0);

function serverHello(extensions: readonly Extension[] | undefined, sessionId = EMPTY): Uint8Array {
  return concat(
    u16(0x0303),
    new Uint8Array(32),
    vector(1, sessionId),
    u16(0xc02f),
    Uint8Array.of(0),
    extensions === undefined ? EMPTY : encodeExtensions(extensions),
  );
}
const extension = (type: number, data: string): Extension => ({ type, data: hex(data) });

const HELLOS: readonly [name: string, body: Uint8Array, isGood: boolean][] = [
  ["no block of extensions", serverHello(undefined), true],
  ["an empty block", serverHello([]), true],
  ["an unknown extension", serverHello([extension(0x7777, "00ff")]), true],
  ["a session id of 32 bytes", serverHello([], new Uint8Array(32)), true],
  ["a session id of 33 bytes", serverHello([], new Uint8Array(33)), false],
  ["an extension twice", serverHello([extension(23, ""), extension(23, "")]), false],
  ["bytes behind the block", concat(serverHello([]), hex("00")), false],
  ["a block longer than the message", concat(serverHello(undefined), hex("0004 0017")), false],
  ["supported_versions of one byte", serverHello([extension(43, "03")]), false],
  ["supported_versions of a list", serverHello([extension(43, "020304")]), false],
  ["a key_share that ends early", serverHello([extension(51, "001d0020aa")]), false],
  ["ALPN without a name", serverHello([extension(16, "0000")]), false],
  ["ALPN longer than it says", serverHello([extension(16, "0003026832ff")]), false],
  ["renegotiation_info that lies", serverHello([extension(0xff01, "05")]), false],
  ["nothing", EMPTY, false],
];
for (const [name, body, isGood] of HELLOS) {
  test(`a ServerHello with ${name} is ${isGood ? "read" : "malformed"}`, () => {
    assert.equal(decodeServerHello(body).ok, isGood);
  });
}

test("the version in the extension wins over the field", () => {
  const decoded = decodeServerHello(serverHello([extension(43, "7f1c")]));
  assert.ok(decoded.ok);
  assert.deepEqual([decoded.value.version, decoded.value.legacyVersion], [0x7f1c, 0x0303]);
});

test("a chain of as many certificates as are looked at, and of one more", () => {
  const chain = (count: number) =>
    vector(3, ...Array.from({ length: count }, () => vector(3, hex("3000"))));
  for (const [count, isCut] of [
    [CERTIFICATES_MAX, false],
    [CERTIFICATES_MAX + 1, true],
  ] as const) {
    const decoded = decodeCertificate(chain(count));
    assert.ok(decoded.ok);
    assert.deepEqual(
      [decoded.value.entries.length, decoded.value.isCut],
      [CERTIFICATES_MAX, isCut],
    );
  }
});

const CHAINS: readonly [name: string, body: string][] = [
  ["ends within a certificate", "000005 000003 3000"],
  ["is longer than its list", "000005 000002 3000 ff"],
  ["is shorter than its list", "0000ff 000002 3000"],
  ["is empty", ""],
];
for (const [name, body] of CHAINS) {
  test(`a Certificate message that ${name} is malformed`, () => {
    assert.equal(decodeCertificate(hex(body)).ok, false);
  });
}

test("no certificate at all is a chain of none", () => {
  const decoded = decodeCertificate(hex("000000"));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.entries, []);
});

const STATUSES: readonly [name: string, body: string, response: string | undefined][] = [
  ["ocsp", "01 000002 3000", "3000"],
  ["ocsp without an answer", "01 000000", ""],
  ["ocsp_multi: the leaf's", "02 000009 000002 3000 000001 ff", "3000"],
  ["a type nobody knows", "03 000002 3000", undefined],
  ["a length beyond the end", "01 0000ff 3000", undefined],
  ["bytes behind it", "01 000002 3000 00", undefined],
];
for (const [name, body, response] of STATUSES) {
  test(`a CertificateStatus of ${name}`, () => {
    const decoded = decodeCertificateStatus(hex(body));
    assert.equal(decoded.ok ? Buffer.from(decoded.value).toString("hex") : undefined, response);
  });
}

const KEY_EXCHANGES: readonly [suite: string, version: number, body: string, kind: string][] = [
  ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0301, "0001 07 0001 02 0001 03 0001 ff", "dh"],
  ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0303, "0001 07 0001 02 0001 03 0401 0001 ff", "dh"],
  ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0303, "0001 07 0001 02 0001 03 0001 ff", "malformed"],
  ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0301, "0001 07 0001 02 ffff 03", "malformed"],
  ["TLS_DHE_PSK_WITH_AES_128_CBC_SHA", 0x0303, "0002 6869 0001 07 0001 02 0001 03", "dh"],
  ["TLS_PSK_WITH_AES_128_CBC_SHA", 0x0303, "0000", "psk"],
  ["TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", 0x0303, "0000 03 001d 02 aabb", "ecdh"],
  ["TLS_ECDH_anon_WITH_AES_128_CBC_SHA", 0x0303, "03 001d 02 aabb", "ecdh"],
  ["TLS_ECDH_anon_WITH_AES_128_CBC_SHA", 0x0303, "03 001d 02 aabb 0401 0001 ff", "malformed"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 0x0303, "01 0020 00", "explicit-curve"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 0x0303, "09 001d 00", "malformed"],
  ["TLS_SRP_SHA_WITH_AES_128_CBC_SHA", 0x0303, "0001 07 0001 02 01 aa 0001 05", "srp"],
  ["TLS_RSA_WITH_AES_128_CBC_SHA", 0x0303, "0001 07 0001 03 0401 0001 ff", "malformed"],
  ["TLS_RSA_EXPORT_WITH_RC4_40_MD5", 0x0301, "0001 07 0001 03 0001 ff", "rsa"],
  ["TLS_AES_128_GCM_SHA256", 0x0304, "03 001d 02 aabb", "malformed"],
];
for (const [name, version, body, kind] of KEY_EXCHANGES) {
  test(`${name} of ${version.toString(16)}: ${body} is ${kind}`, () => {
    const suite = suiteByName(name);
    assert.ok(suite);
    const decoded = decodeServerKeyExchange(hex(body), suite, version);
    assert.equal(decoded.ok ? decoded.value.parameters.kind : "malformed", kind);
  });
}

test("the bytes a signature is over are the parameters and nothing else", () => {
  const suite = suiteByName("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
  assert.ok(suite);
  const decoded = decodeServerKeyExchange(hex("03 001d 02 aabb 0401 0001 ff"), suite, 0x0303);
  assert.ok(decoded.ok);
  assert.equal(Buffer.from(decoded.value.signedBytes).toString("hex"), "03001d02aabb");
});

const BITS: readonly [number: string, bits: number][] = [
  ["", 0],
  ["0000", 0],
  ["01", 1],
  ["00ff", 8],
  ["0100", 9],
  [`00${"ff".repeat(128)}`, 1024],
];
for (const [number, bits] of BITS) {
  test(`0x${number.slice(0, 8)} has ${bits} bits`, () => {
    assert.equal(bitLength(hex(number)), bits);
  });
}

test("CertificateRequest before TLS 1.2 has no schemes", () => {
  const decoded = decodeCertificateRequest(hex("02 01 40 0004 0002 3000"), 0x0301);
  assert.ok(decoded.ok);
  assert.deepEqual(
    [
      decoded.value.certificateTypes,
      decoded.value.signatureSchemes,
      decoded.value.authorities.length,
    ],
    [[1, 64], [], 1],
  );
  assert.equal(decodeCertificateRequest(hex("02 01 40 0004 0002 3000"), 0x0303).ok, false);
  assert.equal(decodeCertificateRequest(hex("00 0006 000d 0002 0004"), 0x0304).ok, false);
});

test("EncryptedExtensions with ALPN, groups and early data, whole and broken", () => {
  const read = (...list: readonly Extension[]) => decodeEncryptedExtensions(encodeExtensions(list));
  const decoded = read(extension(16, "0003026832"), extension(10, "0002001d"), extension(42, ""));
  assert.ok(decoded.ok);
  const { alpn, groups, acceptsEarlyData } = decoded.value;
  assert.deepEqual(
    { alpn, groups, acceptsEarlyData },
    {
      alpn: "h2",
      groups: [29],
      acceptsEarlyData: true,
    },
  );
  assert.equal(read(extension(16, "0003056832")).ok, false);
  assert.equal(read(extension(10, "0003001d")).ok, false);
});

test("a ticket that allows early data", () => {
  const ticket = (data: Uint8Array) =>
    decodeNewSessionTicket13(
      concat(
        u32(7200),
        u32(0xfffffffe),
        vector(1, hex("01")),
        vector(2, hex("aabb")),
        encodeExtensions([{ type: 42, data }]),
      ),
    );
  const decoded = ticket(u32(16_384));
  assert.ok(decoded.ok);
  const { lifetimeSeconds, ageAdd, maxEarlyDataBytes } = decoded.value;
  assert.deepEqual([lifetimeSeconds, ageAdd, maxEarlyDataBytes], [7200, 0xfffffffe, 16_384]);
  assert.equal(ticket(hex("4000")).ok, false);
});
