import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import fc from "fast-check";

import { edits, holds } from "../../../test/fuzzing.ts";
import { edited } from "../mutation-example.ts";
import { decodeAlert, encodeAlert } from "./alerts.ts";
import { byteCursor } from "./byte-cursor.ts";
import {
  CERTIFICATES_MAX,
  decodeCertificate,
  decodeCertificate13,
  decodeCertificateStatus,
} from "./certificate.ts";
import { decodeClientHello, encodeClientHello } from "./client-hello.ts";
import { EXTENSIONS_MAX, encodeExtensions, readExtensions } from "./extensions.ts";
import { encodeHandshake, handshakeReader } from "./handshake.ts";
import { encodeRecords, recordReader } from "./records.ts";
import { decodeServerHello } from "./server-hello.ts";
import { decodeServerKeyExchange } from "./server-key-exchange.ts";
import {
  AUTHORITIES_MAX,
  decodeCertificateRequest,
  decodeCertificateVerify,
  decodeEncryptedExtensions,
  decodeNewSessionTicket,
  decodeNewSessionTicket13,
} from "./server-messages.ts";
import { decodeSsl2Message, encodeSsl2ClientHello, ssl2Reader } from "./ssl2.ts";
import { CIPHER_SUITES } from "./suites.ts";

const captures = Object.values(
  JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/captures.json`, "utf8")) as Record<
    string,
    { readonly bytes: string }
  >,
).map(({ bytes }) => Uint8Array.from(Buffer.from(bytes, "base64")));

const version = fc.integer({ min: 0x02ff, max: 0x0305 });
const suite = fc.constantFrom(...CIPHER_SUITES);

/** Every decoder reads every body: a peer may send any message anywhere. */
function decodeAll(body: Uint8Array, of: (typeof CIPHER_SUITES)[number], code: number) {
  return [
    decodeServerHello(body),
    decodeClientHello(body),
    decodeCertificate(body),
    decodeCertificate13(body),
    decodeCertificateStatus(body),
    decodeServerKeyExchange(body, of, code),
    decodeCertificateRequest(body, code),
    decodeCertificateVerify(body),
    decodeEncryptedExtensions(body),
    decodeNewSessionTicket(body),
    decodeNewSessionTicket13(body),
    decodeSsl2Message(body),
    decodeAlert(body),
  ];
}

const LISTS_MAX = Math.max(CERTIFICATES_MAX, EXTENSIONS_MAX, AUTHORITIES_MAX, 0x8000);

/** Every view lies in the body, every list is bounded, every number is one. */
function assertWithin(value: unknown, body: Uint8Array): void {
  if (typeof value === "number") assert.ok(Number.isSafeInteger(value) && value >= 0);
  if (value instanceof Uint8Array) assertView(value, body);
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return;
  const parts = Object.values(value);
  assert.ok(parts.length <= LISTS_MAX);
  for (const part of parts) assertWithin(part, body);
}

function assertView(view: Uint8Array, body: Uint8Array): void {
  if (view.buffer !== body.buffer) return;
  assert.ok(view.byteOffset >= body.byteOffset);
  assert.ok(view.byteOffset + view.length <= body.byteOffset + body.length);
}

const DECODERS = 13;

/** What the decoders made of `body`, each sound or a refusal that says why. */
function assertAll(body: Uint8Array, of: (typeof CIPHER_SUITES)[number], code: number) {
  const all = decodeAll(body, of, code);
  assert.equal(all.length, DECODERS);
  assert.ok(all.every((decoded) => decoded.ok || decoded.message.length > 0));
  const read = all.filter(({ ok }) => ok);
  for (const decoded of read) assertWithin(decoded, body);
  return read;
}

/** Bodies of the messages found in a stream that comes in pieces of `step` bytes. */
function bodiesIn(bytes: Uint8Array, step: number): readonly Uint8Array[] {
  const records = recordReader();
  const handshakes = handshakeReader();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) pieces.push(bytes.subarray(at, at + step));
  return pieces
    .flatMap((piece) => records.feed(piece))
    .flatMap((event) => (event.kind === "record" ? handshakes.feed(event.record.fragment) : []))
    .flatMap((event) => (event.kind === "message" ? [event.message.body] : []));
}

test("mutated captures are read or refused, never thrown at", () => {
  const tally = { runs: 0, read: 0, refused: 0, messages: 0 };
  const input = fc.tuple(
    fc.constantFrom(...captures),
    edits,
    fc.nat({ max: 9_000 }),
    suite,
    version,
  );
  holds(
    fc.property(input, ([capture, changes, step, of, code]) => {
      const bytes = edited(capture, changes);
      const bodies = bodiesIn(bytes, step + 1);
      tally.runs += 1;
      tally.messages += bodies.length;
      ssl2Reader().feed(bytes);
      for (const body of [bytes, bytes.subarray(4), ...bodies]) {
        const read = assertAll(body, of, code);
        tally.read += read.length;
        tally.refused += DECODERS - read.length;
      }
    }),
    400,
  );
  // The mutations reach the decoders, and leave some bodies whole.
  assert.ok(tally.messages > tally.runs / 4, JSON.stringify(tally));
  assert.ok(tally.read > tally.runs / 4 && tally.refused > tally.runs, JSON.stringify(tally));
});

test("bytes without any sense", () => {
  const input = fc.tuple(fc.uint8Array({ maxLength: 300 }), suite, version);
  holds(
    fc.property(input, ([body, of, code]) => {
      assertAll(body, of, code);
      recordReader().feed(body);
      handshakeReader().feed(body);
      ssl2Reader().feed(body);
    }),
    400,
  );
});

/** deepEqual tells objects without a prototype apart. */
const PLAIN = { noNullPrototype: true } as const;
const u16 = fc.nat({ max: 0xffff });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const extensions = fc.uniqueArray(fc.record({ type: u16, data: bytes(40) }, PLAIN), {
  selector: ({ type }) => type,
  maxLength: 20,
});

test("a ClientHello comes back as it was", () => {
  const hello = fc.record(
    {
      legacyVersion: u16,
      random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      sessionId: bytes(32),
      suites: fc.array(u16, { maxLength: 200 }),
      compressionMethods: fc.array(fc.nat({ max: 255 }), { maxLength: 4 }),
      extensions: fc.option(extensions, { nil: undefined }),
    },
    PLAIN,
  );
  holds(
    fc.property(hello, (sent) => {
      const decoded = decodeClientHello(encodeClientHello(sent).subarray(4));
      assert.deepEqual(decoded, { ok: true, value: sent });
    }),
    200,
  );
});

test("extensions and alerts come back as they were", () => {
  holds(
    fc.property(extensions, fc.boolean(), fc.nat({ max: 255 }), (list, isFatal, code) => {
      assert.deepEqual(readExtensions(byteCursor(encodeExtensions(list))), list);
      const level = isFatal ? "fatal" : "warning";
      const alert = decodeAlert(encodeAlert(level, code));
      assert.ok(alert.ok);
      assert.deepEqual([alert.value.level, alert.value.code], [level, code]);
    }),
    150,
  );
});

test("messages come back whole from records, however they are cut", () => {
  const messages = fc.array(fc.record({ type: fc.nat({ max: 255 }), body: bytes(600) }), {
    minLength: 1,
    maxLength: 6,
  });
  holds(
    fc.property(messages, fc.integer({ min: 1, max: 2_000 }), (sent, step) => {
      const wire = Buffer.concat(sent.map(({ type, body }) => encodeHandshake(type, body)));
      const stream = encodeRecords(22, 0x0303, wire);
      const found = bodiesIn(stream, step);
      assert.deepEqual(
        found.map(Buffer.from),
        sent.map(({ body }) => Buffer.from(body)),
      );
    }),
    150,
  );
});

test("a hello of SSL 2.0 says its own length", () => {
  const hello = fc.record({
    challenge: fc.uint8Array({ minLength: 16, maxLength: 32 }),
    cipherKinds: fc.array(fc.nat({ max: 0xffffff }), { maxLength: 20 }),
  });
  holds(
    fc.property(hello, (sent) => {
      const wire = encodeSsl2ClientHello(sent);
      assert.equal((((wire[0] ?? 0) & 0x7f) << 8) + (wire[1] ?? 0), wire.length - 2);
    }),
    100,
  );
});
