import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeAlert } from "./alerts.ts";
import { decodeCertificate, decodeCertificate13, decodeCertificateStatus } from "./certificate.ts";
import { decodeClientHello } from "./client-hello.ts";
import type { Decoded } from "./decoded.ts";
import { EXTENSION_TYPES, extensionData } from "./extensions.ts";
import { groupName } from "./groups.ts";
import { HANDSHAKE_TYPES, type HandshakeMessage, handshakeReader } from "./handshake.ts";
import { CONTENT_TYPES, recordReader } from "./records.ts";
import { decodeServerHello } from "./server-hello.ts";
import { bitLength, decodeServerKeyExchange } from "./server-key-exchange.ts";
import {
  decodeCertificateRequest,
  decodeCertificateVerify,
  decodeEncryptedExtensions,
  decodeNewSessionTicket,
  decodeNewSessionTicket13,
} from "./server-messages.ts";
import { suiteByCode } from "./suites.ts";

/** Bytes that real servers sent (nginx with OpenSSL 3.0, JSSE of Java 17, Node 24), base64. */
const captures = JSON.parse(
  readFileSync(`${import.meta.dirname}/fixtures/captures.json`, "utf8"),
) as Record<string, { readonly from: string; readonly bytes: string }>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function captured(name: string): Uint8Array {
  const capture = captures[name];
  assert.ok(capture, `no capture ${name}`);
  return Buffer.from(capture.bytes, "base64");
}

function value<T>(decoded: Decoded<T>): T {
  assert.ok(decoded.ok, decoded.ok ? "" : decoded.message);
  return decoded.value;
}

/** The plain handshake messages of a captured answer. */
function messagesOf(name: string): readonly HandshakeMessage[] {
  const handshakes = handshakeReader();
  return recordReader()
    .feed(captured(name))
    .flatMap((event) => {
      assert.equal(event.kind, "record");
      return event.record.contentType === CONTENT_TYPES.handshake
        ? handshakes.feed(event.record.fragment)
        : [];
    })
    .map((event) => {
      assert.equal(event.kind, "message");
      return event.message;
    });
}

function bodyOf(name: string, type: number): Uint8Array {
  const message = messagesOf(name).find((candidate) => candidate.type === type);
  assert.ok(message, `${name} has no message ${type}`);
  return message.body;
}

function helloOf(name: string) {
  return value(decodeServerHello(bodyOf(name, HANDSHAKE_TYPES.serverHello)));
}

function keyExchangeOf(name: string) {
  const { suite, version } = helloOf(name);
  const known = suiteByCode(suite);
  assert.ok(known);
  return value(
    decodeServerKeyExchange(bodyOf(name, HANDSHAKE_TYPES.serverKeyExchange), known, version),
  );
}

const FLIGHTS: readonly [
  name: string,
  version: number,
  suite: number,
  compression: number,
  types: readonly number[],
][] = [
  ["tls12-ecdhe-rsa-staple", 0x0303, 0xc02f, 0, [2, 11, 22, 12, 14]],
  ["tls12-dhe-1024", 0x0303, 0x009e, 0, [2, 11, 12, 14]],
  ["tls12-ecdhe-ecdsa", 0x0303, 0xc02b, 0, [2, 11, 12, 14]],
  ["tls12-rsa-no-fs", 0x0303, 0x009d, 0, [2, 11, 14]],
  ["tls12-client-certificate", 0x0303, 0xc02f, 0, [2, 11, 12, 13, 14]],
  ["tls12-ticket", 0x0303, 0xc02f, 0, [2, 11, 12, 14]],
  ["ssl3-rsa", 0x0300, 0x0005, 0, [2, 11, 14]],
  ["tls10-rsa-export", 0x0301, 0x0003, 0, [2, 11, 12, 14]],
  ["tls10-dh-anon-768", 0x0301, 0x0034, 0, [2, 12, 14]],
  ["tls10-ecdh-anon", 0x0301, 0xc018, 0, [2, 12, 14]],
  ["tls10-dhe-export", 0x0301, 0x0014, 0, [2, 11, 12, 14]],
  ["tls12-compressed", 0x0303, 0x002f, 1, [2, 11, 14]],
  ["tls12-heartbeat", 0x0303, 0x002f, 0, [2, 11, 14]],
  ["tls13-hello-retry-request", 0x0304, 0x1301, 0, [2]],
  ["tls13-hybrid-retry", 0x0304, 0x1302, 0, [2]],
  ["tls13-server-hello", 0x0304, 0x1301, 0, [2]],
];
for (const [name, version, suite, compression, types] of FLIGHTS) {
  test(`${name}: version, suite and messages`, () => {
    const hello = helloOf(name);
    assert.deepEqual(
      [hello.version, hello.suite, hello.compressionMethod],
      [version, suite, compression],
    );
    assert.deepEqual(
      messagesOf(name).map(({ type }) => type),
      types,
    );
  });
}

test("a HelloRetryRequest is told from a ServerHello and names the group", () => {
  const retry = helloOf("tls13-hello-retry-request");
  assert.deepEqual([retry.isHelloRetryRequest, groupName(retry.group ?? 0)], [true, "x25519"]);
  assert.equal(retry.keyExchange, undefined);
  assert.equal(groupName(helloOf("tls13-hybrid-retry").group ?? 0), "X25519MLKEM768");
  const full = helloOf("tls13-server-hello");
  assert.deepEqual([full.isHelloRetryRequest, full.group], [false, 29]);
  assert.equal(full.keyExchange?.length, 32);
});

test("a session id sent with a HelloRetryRequest comes back", () => {
  const { sessionId } = helloOf("tls13-hello-retry-request");
  assert.deepEqual([...sessionId], [...Uint8Array.from({ length: 32 }, (_, i) => i)]);
});

test("what a ServerHello's extensions say", () => {
  const hello = helloOf("tls12-ecdhe-rsa-staple");
  assert.deepEqual(
    [hello.willStaple, hello.alpn, hello.extendedMasterSecret, hello.offersTicket],
    [true, "http/1.1", true, false],
  );
  assert.deepEqual([...(hello.renegotiationInfo ?? [1])], []);
  assert.equal(helloOf("tls12-ticket").offersTicket, true);
  assert.equal(helloOf("tls12-heartbeat").heartbeatMode, 1);
  assert.equal(helloOf("no-renegotiation-info").renegotiationInfo, undefined);
});

test("the sentinel of a downgrade is seen, and its absence", () => {
  assert.equal(helloOf("downgrade-sentinel").downgradeSentinel, "below-tls12");
  assert.equal(helloOf("tls12-ecdhe-rsa-staple").downgradeSentinel, "below-tls13");
  assert.equal(helloOf("tls12-heartbeat").downgradeSentinel, "none");
});

test("chains come out as sent", () => {
  const { entries } = value(
    decodeCertificate(bodyOf("tls12-ecdhe-rsa-staple", HANDSHAKE_TYPES.certificate)),
  );
  const subjects = entries.map(({ der }) => new X509Certificate(der).subject);
  assert.equal(entries.length, 2);
  assert.match(subjects[0] ?? "", /lab\.plimsoll\.test/);
});

test("a staple is the DER of an OCSP response, in TLS 1.2 and in TLS 1.3", () => {
  const below = value(
    decodeCertificateStatus(bodyOf("tls12-ecdhe-rsa-staple", HANDSHAKE_TYPES.certificateStatus)),
  );
  const chain = value(decodeCertificate13(captured("tls13-intermediate-Certificate").subarray(4)));
  assert.equal(below[0], 0x30);
  assert.equal(chain.entries.length, 2);
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  assert.equal(digest(chain.entries[0]?.ocspResponse ?? new Uint8Array(0)), digest(below));
  assert.equal(chain.entries[1]?.ocspResponse, undefined);
});

const DH_BITS: readonly [name: string, bits: number, isSigned: boolean][] = [
  ["tls12-dhe-1024", 1024, true],
  ["tls10-dh-anon-768", 768, false],
  ["tls10-dhe-export", 512, true],
];
for (const [name, bits, isSigned] of DH_BITS) {
  test(`${name}: a prime of ${bits} bits`, () => {
    const { parameters, signature } = keyExchangeOf(name);
    assert.equal(parameters.kind, "dh");
    assert.equal(bitLength(parameters.prime), bits);
    assert.equal(signature !== undefined, isSigned);
  });
}

test("the curve and the signature's scheme of an ECDHE exchange", () => {
  const { parameters, scheme, signature } = keyExchangeOf("tls12-ecdhe-ecdsa");
  assert.equal(parameters.kind, "ecdh");
  assert.equal(groupName(parameters.group), "x25519");
  assert.equal(scheme, 0x0403);
  assert.ok((signature?.length ?? 0) > 64);
  const anonymous = keyExchangeOf("tls10-ecdh-anon");
  assert.equal(anonymous.parameters.kind, "ecdh");
  assert.equal(anonymous.signature, undefined);
});

test("an export suite's temporary RSA key of 512 bits", () => {
  const { parameters, scheme, signature } = keyExchangeOf("tls10-rsa-export");
  assert.equal(parameters.kind, "rsa");
  assert.equal(bitLength(parameters.modulus), 512);
  assert.equal(scheme, undefined);
  assert.equal(signature?.length, 256);
});

test("what is asked of a client, in TLS 1.2 and in TLS 1.3", () => {
  const body = bodyOf("tls12-client-certificate", HANDSHAKE_TYPES.certificateRequest);
  const below = value(decodeCertificateRequest(body, 0x0303));
  assert.deepEqual(below.certificateTypes, [1, 2, 64]);
  assert.equal(below.authorities.length, 1);
  assert.ok(below.signatureSchemes.includes(0x0403));
  const modern = value(
    decodeCertificateRequest(
      captured("tls13-client-certificate-CertificateRequest").subarray(4),
      0x0304,
    ),
  );
  assert.deepEqual(modern.authorities.map(hex), below.authorities.map(hex));
  assert.ok(modern.signatureSchemes.includes(0x0804));
});

test("tickets of TLS 1.2 and TLS 1.3", () => {
  const below = value(
    decodeNewSessionTicket(captured("tls12-tickets-NewSessionTicket").subarray(4)),
  );
  assert.deepEqual([below.lifetimeSeconds, below.ticket.length], [300, 208]);
  const modern = value(
    decodeNewSessionTicket13(captured("tls13-tickets-NewSessionTicket").subarray(4)),
  );
  assert.deepEqual(
    [modern.lifetimeSeconds, modern.ticket.length, modern.nonce.length, modern.maxEarlyDataBytes],
    [300, 240, 8, 0],
  );
});

test("EncryptedExtensions and CertificateVerify of TLS 1.3", () => {
  const extensions = value(
    decodeEncryptedExtensions(captured("tls13-intermediate-EncryptedExtensions").subarray(4)),
  );
  assert.deepEqual([extensions.alpn, extensions.acceptsEarlyData], [undefined, false]);
  const proof = value(
    decodeCertificateVerify(captured("tls13-intermediate-CertificateVerify").subarray(4)),
  );
  assert.deepEqual([proof.scheme, proof.signature.length], [0x0804, 256]);
});

const ALERT_ANSWERS: readonly [name: string, alert: string][] = [
  ["alert-no-shared-suite", "handshake_failure"],
  ["alert-version", "protocol_version"],
];
for (const [name, alert] of ALERT_ANSWERS) {
  test(`${name}: ${alert}`, () => {
    const [event] = recordReader().feed(captured(name));
    assert.equal(event?.kind, "record");
    const decoded = value(decodeAlert(event.record.fragment));
    assert.deepEqual([decoded.level, decoded.name], ["fatal", alert]);
  });
}

for (const name of ["ssh-banner", "plain-http"]) {
  test(`${name} is no TLS`, () => {
    assert.deepEqual(recordReader().feed(captured(name)), [
      { kind: "malformed", message: "the first byte is no content type of TLS" },
    ]);
  });
}

test("the hello of openssl s_client", () => {
  const [event] = recordReader().feed(captured("client-hello-openssl-3.0"));
  assert.equal(event?.kind, "record");
  const hello = value(decodeClientHello(event.record.fragment.subarray(4)));
  assert.deepEqual(hello.suites.slice(0, 3), [0x1302, 0x1303, 0x1301]);
  assert.equal(hello.suites.at(-1), 0x00ff);
  const versions = extensionData(hello.extensions ?? [], EXTENSION_TYPES.supportedVersions);
  assert.equal(hex(versions ?? new Uint8Array(0)), "080304030303020301");
});

for (const name of Object.keys(captures).filter((key) => /^(?:tls|ssl)1?[0-9]+-/.test(key))) {
  if (name.includes("-Certificate") || /-(?:Encrypted|New)/.test(name)) continue;
  test(`${name}: byte by byte is the same as at once`, () => {
    const bytes = captured(name);
    const atOnce = recordReader().feed(bytes);
    const reader = recordReader();
    const singly = [...bytes].flatMap((byte) => reader.feed(Uint8Array.of(byte)));
    assert.deepEqual(singly, atOnce);
    assert.equal(reader.pendingBytes, 0);
  });
}
