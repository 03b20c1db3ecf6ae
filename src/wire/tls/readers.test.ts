import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, u24 } from "./byte-writing.ts";
import {
  encodeHandshake,
  HANDSHAKE_MESSAGE_BYTES_MAX,
  HANDSHAKE_TOTAL_BYTES_MAX,
  handshakeReader,
} from "./handshake.ts";
import { encodeRecord, encodeRecords, RECORD_FRAGMENT_BYTES_MAX, recordReader } from "./records.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

const BROKEN: readonly [name: string, bytes: Uint8Array, kind: string, message: RegExp][] = [
  ["HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n"), "malformed", /content type/],
  ["a content type above heartbeat", hex("19 0303 0001 00"), "malformed", /content type/],
  ["a record of SSL 2.0", hex("80 2e 01 0002"), "malformed", /content type/],
  ["version 4.0", hex("16 0400 0001 00"), "malformed", /version/],
  ["an empty handshake record", hex("16 0303 0000"), "malformed", /empty/],
  ["an empty alert", hex("15 0303 0000"), "malformed", /empty/],
  ["a record over the limit", hex("16 0303 4801"), "too-large", /18433 bytes/],
  ["a record of 64 KiB", hex("17 0303 ffff"), "too-large", /65535 bytes/],
];
for (const [name, bytes, kind, message] of BROKEN) {
  test(`${name} is ${kind}, once, and nothing follows`, () => {
    const reader = recordReader();
    const events = reader.feed(bytes);
    assert.equal(events.length, 1);
    const [event] = events;
    assert.ok(event !== undefined && event.kind !== "record");
    assert.equal(event.kind, kind);
    assert.match(event.message, message);
    assert.deepEqual(reader.feed(encodeRecord(22, 0x0303, Uint8Array.of(1))), []);
    assert.equal(reader.pendingBytes, 0);
  });
}

test("one byte is enough to see that it is no TLS, two that the version is none", () => {
  assert.equal(recordReader().feed(Buffer.from("S"))[0]?.kind, "malformed");
  const reader = recordReader();
  assert.deepEqual(reader.feed(Uint8Array.of(22)), []);
  assert.equal(reader.feed(Uint8Array.of(9))[0]?.kind, "malformed");
});

test("the largest record passes, and one that is cut off is pending", () => {
  const reader = recordReader();
  const whole = encodeRecord(23, 0x0303, new Uint8Array(RECORD_FRAGMENT_BYTES_MAX));
  assert.equal(reader.feed(whole)[0]?.kind, "record");
  assert.deepEqual(reader.feed(whole.subarray(0, 100)), []);
  assert.equal(reader.pendingBytes, 100);
});

test("an empty record of application data is allowed", () => {
  assert.equal(recordReader().feed(hex("17 0303 0000"))[0]?.kind, "record");
});

test("many records in one chunk come in order, and the header is kept", () => {
  const bytes = encodeRecords(22, 0x0303, new Uint8Array(40_000).fill(7));
  const events = recordReader().feed(bytes);
  assert.deepEqual(
    events.map((event) => (event.kind === "record" ? event.record.fragment.length : -1)),
    [16_384, 16_384, 7232],
  );
  const [first] = events;
  assert.ok(first?.kind === "record");
  assert.deepEqual([...first.record.header], [22, 3, 3, 0x40, 0]);
});

test("records keep their bytes when the next ones come", () => {
  const reader = recordReader();
  const [first] = reader.feed(encodeRecord(22, 0x0303, Uint8Array.of(1, 2, 3)));
  reader.feed(encodeRecord(22, 0x0303, Uint8Array.of(9, 9, 9)));
  assert.ok(first?.kind === "record");
  assert.deepEqual([...first.record.fragment], [1, 2, 3]);
});

test("a message over many fragments and many messages in one", () => {
  const certificate = encodeHandshake(11, new Uint8Array(70_000).fill(5));
  const done = encodeHandshake(14, new Uint8Array(0));
  const stream = concat(certificate, done, done);
  for (const step of [1, 3, 1000, stream.length]) {
    const reader = handshakeReader();
    const events = [];
    for (let at = 0; at < stream.length; at += step) {
      events.push(...reader.feed(stream.subarray(at, at + step)));
    }
    assert.deepEqual(
      events.map((event) => (event.kind === "message" ? event.message.type : event.kind)),
      [11, 14, 14],
    );
    const [first] = events;
    assert.ok(first?.kind === "message");
    assert.deepEqual(first.message.raw, certificate);
    assert.equal(reader.pendingBytes, 0);
  }
});

test("a message of 64 MiB is refused by its header, after what came before it", () => {
  const reader = handshakeReader();
  const header = concat(Uint8Array.of(11), u24(0xffffff));
  const events = reader.feed(concat(encodeHandshake(14, new Uint8Array(0)), header));
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["message", "too-large"],
  );
  assert.deepEqual(reader.feed(new Uint8Array(1000)), []);
  assert.equal(reader.pendingBytes, 0);
});

test("the limit of one message has two sides", () => {
  const at = (length: number) => handshakeReader().feed(concat(Uint8Array.of(11), u24(length)));
  assert.deepEqual(at(HANDSHAKE_MESSAGE_BYTES_MAX), []);
  assert.equal(at(HANDSHAKE_MESSAGE_BYTES_MAX + 1)[0]?.kind, "too-large");
});

test("an endless flight of small messages ends at the limit of all", () => {
  const reader = handshakeReader();
  const message = encodeHandshake(4, new Uint8Array(1020));
  let whole = 0;
  for (let fed = 0; fed < 2 * HANDSHAKE_TOTAL_BYTES_MAX; fed += message.length) {
    whole += reader.feed(message).filter(({ kind }) => kind === "message").length;
  }
  assert.equal(whole, HANDSHAKE_TOTAL_BYTES_MAX / message.length);
});

test("half a megabyte in single bytes costs linear time", () => {
  const message = encodeHandshake(11, new Uint8Array(HANDSHAKE_MESSAGE_BYTES_MAX));
  const reader = handshakeReader();
  const startMs = performance.now();
  let count = 0;
  for (let at = 0; at < message.length; at += 1) {
    count += reader.feed(message.subarray(at, at + 1)).length;
  }
  assert.equal(count, 1);
  assert.ok(performance.now() - startMs < 4000);
});
