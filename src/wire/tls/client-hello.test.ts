import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ClientHello,
  clientHelloRecord,
  decodeClientHello,
  encodeClientHello,
  padClientHello,
  SUITES_PER_HELLO_MAX,
  SUITES_PER_PLAIN_HELLO_MAX,
  splitSuites,
} from "./client-hello.ts";
import { type ClientOffer, clientHelloFor, greaseValue, isGrease } from "./client-offer.ts";
import { EXTENSION_TYPES } from "./extensions.ts";
import { CIPHER_SUITES } from "./suites.ts";

const random = Uint8Array.from({ length: 32 }, (_, index) => index);
const codes = CIPHER_SUITES.map(({ code }) => code);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

function sent(hello: ClientHello): ClientHello {
  const decoded = decodeClientHello(encodeClientHello(hello).subarray(4));
  assert.ok(decoded.ok, decoded.ok ? "" : decoded.message);
  return decoded.value;
}

const EXTENSIONS: readonly [
  name: string,
  offer: Partial<ClientOffer>,
  type: number,
  data: string,
][] = [
  ["server_name", { serverName: "a.test" }, 0, "0009000006612e74657374"],
  ["supported_groups", { groups: [29, 0x11ec] }, 10, "0004001d11ec"],
  ["ec_point_formats", { groups: [29] }, 11, "0100"],
  ["signature_algorithms", { signatureSchemes: [0x0403, 0x0804] }, 13, "000404030804"],
  ["ALPN", { alpn: ["h2", "http/1.1"] }, 16, "000c02683208687474702f312e31"],
  ["status_request", { asksForStaple: true }, 5, "0100000000"],
  ["signed_certificate_timestamp", { asksForScts: true }, 18, ""],
  ["heartbeat", { heartbeatMode: 1 }, 15, "01"],
  ["extended_master_secret", { extendedMasterSecret: true }, 23, ""],
  ["encrypt_then_mac", { encryptThenMac: true }, 22, ""],
  ["an empty session_ticket", { sessionTicket: new Uint8Array(0) }, 35, ""],
  ["renegotiation_info", { renegotiation: Uint8Array.of(1, 2) }, 0xff01, "020102"],
  ["compress_certificate", { certificateCompression: [2] }, 27, "020002"],
  ["supported_versions by itself in TLS 1.3", { version: "TLSv1.3" }, 43, "020304"],
  ["an empty key_share by itself in TLS 1.3", { version: "TLSv1.3" }, 51, "0000"],
  [
    "a key_share",
    { keyShares: [{ group: 29, keyExchange: Uint8Array.of(1, 2, 3) }] },
    51,
    "0007001d0003010203",
  ],
  ["psk_key_exchange_modes", { pskModes: [1, 0] }, 45, "020100"],
  ["a cookie", { cookie: Uint8Array.of(9) }, 44, "000109"],
  ["early_data", { offersEarlyData: true }, 42, ""],
  [
    "pre_shared_key",
    {
      psk: {
        identity: Uint8Array.of(1),
        obfuscatedTicketAge: Uint8Array.of(0, 0, 0, 7),
        binder: Uint8Array.of(5, 5),
      },
    },
    41,
    "0007000101000000070003020505",
  ],
];
for (const [name, part, type, data] of EXTENSIONS) {
  test(`${name} on the wire`, () => {
    const hello = sent(clientHelloFor({ version: "TLSv1.2", random, suites: [0xc02f], ...part }));
    const found = (hello.extensions ?? []).filter((extension) => extension.type === type);
    assert.deepEqual(
      found.map((extension) => hex(extension.data)),
      [data],
    );
  });
}

test("a hello of TLS 1.2 byte by byte", () => {
  const record = clientHelloRecord(
    clientHelloFor({ version: "TLSv1.2", random, suites: [0x002f], serverName: "a" }),
  );
  assert.equal(
    hex(record),
    `160301003b010000370303${hex(random)}000004002f00ff0100000a00000006000400000161`,
  );
});

test("SSL 3.0 has no extensions and its own record version", () => {
  const hello = clientHelloFor({ version: "SSLv3", random, suites: [5], serverName: "a.test" });
  assert.equal(sent(hello).extensions, undefined);
  assert.deepEqual([...clientHelloRecord(hello).subarray(0, 3)], [22, 3, 0]);
  assert.deepEqual(sent(hello).suites, [5, 0x00ff]);
});

test("a hello of TLS 1.2 can leave its extensions out", () => {
  const offer: ClientOffer = { version: "TLSv1.2", random, suites: [5], serverName: "a.test" };
  assert.equal(sent(clientHelloFor({ ...offer, withoutExtensions: true })).extensions, undefined);
  assert.equal(sent(clientHelloFor(offer)).extensions?.length, 1);
  const plain = { ...offer, withoutExtensions: true, renegotiation: new Uint8Array(0) };
  assert.deepEqual(clientHelloFor(plain).suites, [5, 0xff]);
  assert.deepEqual(clientHelloFor({ ...plain, renegotiation: "none" }).suites, [5]);
});

test("the record's version is at most 3.1 unless it is asked for", () => {
  const hello = clientHelloFor({ version: "TLSv1.3", random, suites: [0x1301] });
  assert.equal(sent(hello).legacyVersion, 0x0303);
  assert.deepEqual([...clientHelloRecord(hello).subarray(1, 3)], [3, 1]);
  assert.deepEqual([...clientHelloRecord(hello, 0x0303).subarray(1, 3)], [3, 3]);
});

test("signalling suites", () => {
  const suites = (part: Partial<ClientOffer>) =>
    clientHelloFor({ version: "TLSv1.1", random, suites: [0x2f], ...part }).suites;
  assert.deepEqual(suites({}), [0x2f, 0xff]);
  assert.deepEqual(suites({ renegotiation: "none" }), [0x2f]);
  assert.deepEqual(
    suites({ renegotiation: new Uint8Array(0), fallbackScsv: true }),
    [0x2f, 0x5600],
  );
});

test("GREASE comes first among suites, groups, versions and extensions", () => {
  const hello = sent(
    clientHelloFor({ version: "TLSv1.3", random, suites: [0x1301], groups: [29], grease: 3 }),
  );
  const data = (type: number) =>
    hex(hello.extensions?.find((extension) => extension.type === type)?.data);
  assert.equal(hello.suites[0], 0x3a3a);
  assert.equal(hello.extensions?.[0]?.type, 0x3a3a);
  assert.equal(data(EXTENSION_TYPES.supportedGroups), "00043a3a001d");
  assert.equal(data(EXTENSION_TYPES.supportedVersions), "043a3a0304");
});

test("the sixteen GREASE values and no other", () => {
  const all = Array.from({ length: 0x10000 }, (_, value) => value).filter(isGrease);
  assert.deepEqual(
    all,
    Array.from({ length: 16 }, (_, index) => greaseValue(index)),
  );
  assert.deepEqual([all[0], all[15]], [0x0a0a, 0xfafa]);
});

test("no length that F5 devices hang on, whatever is offered", () => {
  for (let count = 1; count <= SUITES_PER_HELLO_MAX; count += 1) {
    for (const version of ["TLSv1", "TLSv1.2", "TLSv1.3"] as const) {
      const suites = codes.slice(0, count);
      const offer: ClientOffer = { version, random, suites, serverName: "lab.plimsoll.test" };
      const { length } = clientHelloRecord(clientHelloFor({ ...offer, sessionId: random }));
      assert.ok(length < 256 || length - 5 > 511, `${count} suites make ${length} bytes`);
    }
  }
});

test("no such length without extensions either, within the shorter limit", () => {
  const suites = codes.slice(0, SUITES_PER_PLAIN_HELLO_MAX);
  const hello = clientHelloFor({ version: "SSLv3", random, suites, sessionId: random });
  assert.ok(clientHelloRecord(hello).length < 256);
});

test("padding goes before pre_shared_key, and a hello of good length is left alone", () => {
  const psk = {
    identity: new Uint8Array(150),
    obfuscatedTicketAge: new Uint8Array(4),
    binder: new Uint8Array(32),
  };
  const hello = clientHelloFor({ version: "TLSv1.3", random, suites: [0x1301], psk });
  const types = padClientHello(hello).extensions?.map(({ type }) => type);
  assert.deepEqual(types?.slice(-2), [EXTENSION_TYPES.padding, EXTENSION_TYPES.preSharedKey]);
  assert.equal(encodeClientHello(padClientHello(hello)).length, 512);
  const short = clientHelloFor({ version: "TLSv1.3", random, suites: [0x1301] });
  assert.equal(padClientHello(short), short);
});

test("lists of suites are cut in order", () => {
  const lists = splitSuites(codes);
  assert.deepEqual(
    lists.map(({ length }) => length),
    [128, 128, 110],
  );
  assert.deepEqual(lists.flat(), codes);
  assert.deepEqual(splitSuites([]), []);
});

test("a name that is not ASCII does not reach the wire as it is", () => {
  const hello = clientHelloFor({ version: "TLSv1.2", random, suites: [1], serverName: "ä.test" });
  assert.equal(hex(hello.extensions?.[0]?.data), "00090000063f2e74657374");
});

test("hellos that do not add up are malformed", () => {
  const body = encodeClientHello(
    clientHelloFor({ version: "TLSv1.2", random, suites: [1, 2], serverName: "a.test" }),
  ).subarray(4);
  for (let length = 0; length < body.length; length += 1) {
    // After the compression methods a hello without extensions is whole.
    if (length === 45) continue;
    assert.equal(decodeClientHello(body.subarray(0, length)).ok, false, `${length} bytes`);
  }
});
