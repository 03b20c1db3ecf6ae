import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeAlert } from "./alerts.ts";
import { decodeCertificate, decodeCertificate13, decodeCertificateStatus } from "./certificate.ts";
import { decodeClientHello } from "./client-hello.ts";
import { type HandshakeMessage, handshakeReader } from "./handshake.ts";
import { recordReader } from "./records.ts";
import { decodeServerHello } from "./server-hello.ts";
import { decodeServerKeyExchange } from "./server-key-exchange.ts";
import {
  decodeCertificateRequest,
  decodeCertificateVerify,
  decodeEncryptedExtensions,
  decodeNewSessionTicket,
  decodeNewSessionTicket13,
} from "./server-messages.ts";
import { decodeSsl2Message, ssl2Reader } from "./ssl2.ts";
import { CIPHER_SUITES } from "./suites.ts";

const ROUNDS = 4000;
/** Time for all rounds; they take about a tenth of it. */
const TIME_MAX_MS = 20_000;

const captures = Object.values(
  JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/captures.json`, "utf8")) as Record<
    string,
    { readonly bytes: string }
  >,
).map(({ bytes }) => Buffer.from(bytes, "base64"));

/** Numbers below `limit`, the same at every run (mulberry32). */
function seededRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Changes, drops, doubles or cuts off bytes, mostly near the front where the lengths are. */
function mutate(source: Uint8Array, random: (limit: number) => number): Uint8Array {
  let bytes = Buffer.from(source);
  for (let count = 1 + random(3); count > 0; count -= 1) {
    const at = random(random(2) === 0 ? Math.min(bytes.length + 1, 120) : bytes.length + 1);
    const kind = random(5);
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(9))]);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1))]);
    else if (at < bytes.length) bytes[at] = [0, 0xff, 0x80, 1, random(256)][random(5)] ?? 0;
  }
  return bytes;
}

/** Every decoder reads every body: a peer may send any message anywhere. */
function decodeAll({ body }: Pick<HandshakeMessage, "body">, random: (limit: number) => number) {
  const suite = CIPHER_SUITES[random(CIPHER_SUITES.length)];
  assert.ok(suite);
  return [
    decodeServerHello(body),
    decodeClientHello(body),
    decodeCertificate(body),
    decodeCertificate13(body),
    decodeCertificateStatus(body),
    decodeServerKeyExchange(body, suite, 0x0300 + random(5)),
    decodeCertificateRequest(body, 0x0300 + random(5)),
    decodeCertificateVerify(body),
    decodeEncryptedExtensions(body),
    decodeNewSessionTicket(body),
    decodeNewSessionTicket13(body),
    decodeSsl2Message(body),
    decodeAlert(body),
  ];
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

test("mutated captures are read or refused in bounded time, never thrown at", () => {
  const random = seededRandom(0x504c494d);
  const startMs = performance.now();
  const tally = { read: 0, refused: 0, messages: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const bytes = mutate(captures[random(captures.length)] ?? new Uint8Array(0), random);
    const bodies = bodiesIn(bytes, 1 + random(bytes.length + 1));
    tally.messages += bodies.length;
    ssl2Reader().feed(bytes);
    for (const body of [bytes, bytes.subarray(4), ...bodies]) {
      for (const { ok } of decodeAll({ body }, random)) tally[ok ? "read" : "refused"] += 1;
    }
  }
  assert.ok(performance.now() - startMs < TIME_MAX_MS);
  // The mutations reach the decoders, and leave some bodies whole.
  assert.ok(tally.messages > ROUNDS / 4, JSON.stringify(tally));
  assert.ok(tally.read > ROUNDS / 4 && tally.refused > ROUNDS, JSON.stringify(tally));
});

test("bytes without any sense", () => {
  const random = seededRandom(7);
  for (let round = 0; round < ROUNDS; round += 1) {
    const body = Uint8Array.from({ length: random(200) }, () => random(256));
    for (const decoded of decodeAll({ body }, random)) assert.equal(typeof decoded.ok, "boolean");
    recordReader().feed(body);
    handshakeReader().feed(body);
    ssl2Reader().feed(body);
  }
});
