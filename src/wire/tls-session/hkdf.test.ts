import assert from "node:assert/strict";
import { test } from "node:test";
import { byteCursor } from "../tls/byte-cursor.ts";
import { CONTENT_TYPES, recordReader } from "../tls/records.ts";
import { finishedData, handshakeSecrets } from "./hkdf.ts";
import { modernProtection } from "./modern-protection.ts";
import { MODERN_SUITES } from "./suite-parameters.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

// RFC 8448 section 3, "Simple 1-RTT Handshake".
const CLIENT_HELLO =
  bytes(`010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7
  000006130113031302010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001
  01010201030104002300000033002600240 01d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e52
  9aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d0002
  0101001c00024001`);
const SERVER_HELLO = bytes(`020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2
  692800130100002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b
  00020304`);
const SHARED = bytes("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");

const secrets = handshakeSecrets("sha256", SHARED, [CLIENT_HELLO, SERVER_HELLO]);
const suite = MODERN_SUITES.get(0x1301);

test("the key schedule gives the secrets of RFC 8448", () => {
  assert.deepEqual(
    {
      client: hex(secrets.clientHandshake),
      server: hex(secrets.serverHandshake),
      master: hex(secrets.master),
    },
    {
      client: "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21",
      server: "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38",
      master: "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919",
    },
  );
});

// The client's Finished of the same section, message and record.
const FINISHED = bytes("14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
const RECORD = bytes(`170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338
  ac98fc46deb384bd1caeacab6867d726c40546`);

test("a record is protected as in RFC 8448, and opened", () => {
  assert.ok(suite);
  const sealed = modernProtection(suite, secrets.clientHandshake).seal(
    CONTENT_TYPES.handshake,
    0x0303,
    FINISHED,
  );
  assert.equal(hex(sealed), hex(RECORD));
  const [event] = recordReader().feed(RECORD);
  assert.ok(event?.kind === "record");
  const opened = modernProtection(suite, secrets.clientHandshake).open(event.record);
  assert.ok(opened.ok);
  assert.equal(opened.value.contentType, CONTENT_TYPES.handshake);
  assert.equal(hex(opened.value.plaintext), hex(FINISHED));
});

test("a record that was tampered with or came out of turn does not open", () => {
  assert.ok(suite);
  const spoiled = Uint8Array.from(RECORD);
  spoiled[20] = (spoiled[20] ?? 0) ^ 1;
  const [event] = recordReader().feed(spoiled);
  assert.ok(event?.kind === "record");
  const protection = modernProtection(suite, secrets.clientHandshake);
  assert.deepEqual(protection.open(event.record), {
    ok: false,
    message: "a record that does not decrypt",
  });
  const [genuine] = recordReader().feed(RECORD);
  assert.ok(genuine?.kind === "record");
  assert.equal(protection.open(genuine.record).ok, false);
});

test("Finished depends on every message before it", () => {
  const one = finishedData("sha256", secrets.clientHandshake, [CLIENT_HELLO]);
  const other = finishedData("sha256", secrets.clientHandshake, [CLIENT_HELLO, SERVER_HELLO]);
  assert.equal(one.length, 32);
  assert.notEqual(hex(one), hex(other));
  assert.equal(byteCursor(one).left, 32);
});
