import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientHello, decodeClientHello } from "./client-hello.ts";
import type { ClientOffer } from "./client-offer.ts";
import { EXTENSION_TYPES, extensionData } from "./extensions.ts";
import { TOLERANCES, toleranceHello } from "./tolerance-hellos.ts";

const random = new Uint8Array(32).fill(7);
const OLD: ClientOffer = { version: "TLSv1.2", random, suites: [0xc02f], groups: [23] };
const NEW: ClientOffer = { version: "TLSv1.3", random, suites: [0x1301], groups: [29] };

function parse(record: Uint8Array): ClientHello {
  const decoded = decodeClientHello(record.subarray(9));
  assert.ok(decoded.ok, decoded.ok ? "" : decoded.message);
  return decoded.value;
}
const versionsOf = ({ extensions }: ClientHello): string =>
  Buffer.from(
    extensionData(extensions ?? [], EXTENSION_TYPES.supportedVersions) ?? new Uint8Array(0),
  ).toString("hex");

test("GREASE keeps what was offered", () => {
  const hello = parse(toleranceHello(OLD, ["grease"]));
  assert.deepEqual(hello.suites, [0xaaaa, 0xc02f, 0x00ff]);
  assert.equal(hello.extensions?.[0]?.type, 0xaaaa);
});

test("a newer version stands where the protocol looks for it", () => {
  assert.equal(parse(toleranceHello(OLD, ["newer-version"])).legacyVersion, 0x0305);
  const modern = parse(toleranceHello(NEW, ["newer-version"]));
  assert.equal(modern.legacyVersion, 0x0303);
  assert.equal(versionsOf(modern), "0403050304");
});

test("the lengths that are asked about", () => {
  for (const offer of [OLD, NEW]) {
    assert.equal(toleranceHello(offer, ["medium-hello"]).length, 405);
    assert.equal(toleranceHello(offer, ["long-hello"]).length, 1505);
  }
});

test("an offer that is longer already is sent as it is, with empty padding", () => {
  const suites = Array.from({ length: 120 }, (_, index) => 0xc000 + index);
  const hello = parse(
    toleranceHello({ ...OLD, suites, serverName: "a".repeat(200) }, ["medium-hello"]),
  );
  assert.equal(extensionData(hello.extensions ?? [], EXTENSION_TYPES.padding)?.length, 0);
});

test("several at once", () => {
  const record = toleranceHello(NEW, ["grease", "newer-version", "long-hello"]);
  const hello = parse(record);
  assert.equal(record.length, 1505);
  assert.equal(hello.suites[0], 0xaaaa);
  assert.equal(versionsOf(hello), "06aaaa03050304");
});

test("every hello is one record whose lengths add up", () => {
  for (const tolerance of TOLERANCES) {
    for (const offer of [OLD, NEW]) {
      const record = toleranceHello(offer, [tolerance]);
      assert.equal(((record[3] ?? 0) << 8) | (record[4] ?? 0), record.length - 5);
      parse(record);
    }
  }
});
