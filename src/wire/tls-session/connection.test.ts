import assert from "node:assert/strict";
import { test } from "node:test";
import { concat } from "../tls/byte-writing.ts";
import { encodeHandshake } from "../tls/handshake.ts";
import { CONTENT_TYPES, encodeRecord } from "../tls/records.ts";
import { createConnection, describeReceived, RECORDS_MAX, type Received } from "./connection.ts";
import type { Flow, Incoming } from "./flow.ts";

/** Runs a flow against what comes in, then silence; writes are dropped. */
function run<T>(flow: Flow<T>, incoming: readonly Incoming[]): T {
  let at = 0;
  let given: Incoming = "silence";
  for (;;) {
    const step = flow.next(given);
    if (step.done) return step.value;
    if (step.value.do === "write") continue;
    given = incoming[at] ?? "silence";
    at += 1;
  }
}

function* receiveAll(): Flow<readonly Received[]> {
  const connection = createConnection();
  const all: Received[] = [];
  for (;;) {
    const received = yield* connection.receive();
    all.push(received);
    if (received.kind === "closed" || received.kind === "malformed") return all;
  }
}

const record = (type: number, ...bytes: readonly number[]): Uint8Array =>
  encodeRecord(type, 0x0303, Uint8Array.from(bytes));
const kinds = (incoming: readonly Incoming[]): readonly string[] =>
  run(receiveAll(), incoming).map(describeReceived);

test("records become what they mean", () => {
  const message = encodeHandshake(14, new Uint8Array(0));
  const bytes = concat(
    encodeRecord(CONTENT_TYPES.handshake, 0x0303, concat(message, message)),
    record(CONTENT_TYPES.alert, 1, 112),
    record(CONTENT_TYPES.changeCipherSpec, 1),
    record(CONTENT_TYPES.heartbeat, 2, 0, 0),
    record(CONTENT_TYPES.applicationData, 7),
  );
  const expected = [
    "handshake message 14",
    "handshake message 14",
    "alert 112 (unrecognized_name)",
    "a ChangeCipherSpec",
    "a heartbeat",
    "application data",
    "the connection was closed",
  ];
  assert.deepEqual(kinds([bytes, "end"]), expected);
  assert.deepEqual(kinds([...Array.from(bytes, (byte) => Uint8Array.of(byte)), "end"]), expected);
});

test("silence, resets and nonsense are told apart", () => {
  assert.deepEqual(kinds([]), ["no answer in time"]);
  assert.deepEqual(kinds(["reset"]), ["the connection was reset"]);
  assert.deepEqual(kinds([record(CONTENT_TYPES.alert, 2)]), ["an alert of 1 bytes"]);
  assert.deepEqual(kinds([Uint8Array.from(Buffer.from("HTTP/1.1 400"))]), [
    "the first byte is no content type of TLS",
  ]);
});

test("an endless run of records is cut off", () => {
  const warning = record(CONTENT_TYPES.alert, 1, 90);
  const endless = Array.from({ length: RECORDS_MAX + 5 }, () => warning);
  const all = run(receiveAll(), endless);
  assert.equal(all.length, RECORDS_MAX + 1);
  assert.deepEqual(all.at(-1), { kind: "malformed", why: "records without end" });
  assert.equal(run(receiveAll(), endless.slice(0, RECORDS_MAX)).at(-1)?.kind, "closed");
});

test("empty application data is passed over", () => {
  assert.deepEqual(kinds([record(CONTENT_TYPES.applicationData), "end"]), [
    "the connection was closed",
  ]);
});
