import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, u16 } from "./byte-writing.ts";
import { encodeSsl2ClientHello, SSL2_CIPHER_KINDS, ssl2CipherName, ssl2Reader } from "./ssl2.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

/** A SERVER-HELLO by the draft, section 5.6: hit, type, version, three lengths, then the data. */
function serverHello(certificate: string, kinds: string, id: string): Uint8Array {
  const [der, list, connection] = [hex(certificate), hex(kinds), hex(id)];
  return concat(
    hex("04 00 01 0002"),
    u16(der.length),
    u16(list.length),
    u16(connection.length),
    der,
    list,
    connection,
  );
}
const framed = (body: Uint8Array): Uint8Array => concat(u16(0x8000 | body.length), body);

test("the CLIENT-HELLO by the draft", () => {
  const bytes = encodeSsl2ClientHello({
    cipherKinds: SSL2_CIPHER_KINDS.map(({ code }) => code),
    challenge: new Uint8Array(16).fill(0xaa),
  });
  assert.equal(
    Buffer.from(bytes).toString("hex"),
    `802e010002001500000010${"010080020080030080040080050080060040"}0700c0${"aa".repeat(16)}`,
  );
});

test("a hello of version 3.1 carries TLS suites behind a zero byte", () => {
  const bytes = encodeSsl2ClientHello({
    version: 0x0301,
    cipherKinds: [0x00002f],
    challenge: new Uint8Array(16),
  });
  assert.equal(Buffer.from(bytes.subarray(0, 14)).toString("hex"), "801c01030100030000001000002f");
});

for (const step of [1, 7, 1000]) {
  test(`a SERVER-HELLO in pieces of ${step}`, () => {
    const bytes = framed(serverHello("3003020101", "010080 0700c0", "cc".repeat(16)));
    const reader = ssl2Reader();
    const events = [];
    for (let at = 0; at < bytes.length; at += step) {
      const event = reader.feed(bytes.subarray(at, at + step));
      if (event !== undefined) events.push(event);
    }
    const [event] = events;
    assert.equal(events.length, 1);
    assert.ok(event?.kind === "message" && event.message.kind === "server-hello");
    assert.deepEqual(event.message.cipherKinds.map(ssl2CipherName), [
      "SSL_CK_RC4_128_WITH_MD5",
      "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
    ]);
    assert.equal(event.message.certificate.length, 5);
    assert.equal(event.message.connectionId.length, 16);
  });
}

test("no kinds at all is a SERVER-HELLO too", () => {
  const event = ssl2Reader().feed(framed(serverHello("3003020101", "", "cc")));
  assert.ok(event?.kind === "message" && event.message.kind === "server-hello");
  assert.deepEqual(event.message.cipherKinds, []);
});

test("a header of three bytes tells of padding", () => {
  const body = serverHello("3003020101", "010080", "cc");
  const event = ssl2Reader().feed(concat(u16(body.length + 4), hex("04"), body, new Uint8Array(4)));
  assert.ok(event?.kind === "message" && event.message.kind === "server-hello");
});

test("an error message", () => {
  assert.deepEqual(ssl2Reader().feed(hex("8003 00 0001")), {
    kind: "message",
    message: { kind: "error", code: 1 },
  });
});

const NOT_SSL2: readonly [name: string, bytes: Uint8Array][] = [
  ["a TLS alert", hex("15 0301 0002 02 28")],
  ["HTTP", Buffer.from("HTTP/1.1 400 Bad Request")],
  ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.2p1\r\n")],
  ["lengths that do not add up", framed(concat(serverHello("30", "010080", "cc"), hex("00")))],
  ["kinds of a length not by three", framed(serverHello("3003020101", "01008007", "cc"))],
  ["padding longer than the record", hex("0005 09 04 00 00 00 00")],
];
for (const [name, bytes] of NOT_SSL2) {
  test(`${name} is malformed, and only once`, () => {
    const reader = ssl2Reader();
    assert.equal(reader.feed(bytes)?.kind, "malformed");
    assert.equal(reader.feed(bytes), undefined);
  });
}

test("an endless answer stays bounded", () => {
  const reader = ssl2Reader();
  assert.equal(reader.feed(hex("ffff 04")), undefined);
  for (let i = 0; i < 31; i += 1) assert.equal(reader.feed(new Uint8Array(1024)), undefined);
  assert.equal(reader.feed(new Uint8Array(1_000_000))?.kind, "malformed");
});
