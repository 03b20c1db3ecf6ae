import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CONTENT_TYPES, encodeRecord, recordReader, type TlsRecord } from "../tls/records.ts";
import { legacyProtections } from "./legacy-protection.ts";
import { LEGACY_SUITES, type LegacySuite } from "./suite-parameters.ts";

const RANDOMS = { client: new Uint8Array(32).fill(1), server: new Uint8Array(32).fill(2) };
const MASTER = new Uint8Array(48).fill(3);
const VERSIONS = [0x0301, 0x0302, 0x0303];

const writer = (suite: LegacySuite, version: number) =>
  legacyProtections(suite, version, version === 0x0303 ? suite.prf : "md5+sha1", MASTER, RANDOMS)
    .write;

function recordOf(bytes: Uint8Array): TlsRecord {
  const [event] = recordReader().feed(bytes);
  assert.ok(event?.kind === "record");
  return event.record;
}

/** Bytes that look random and are the same every time. */
function noise(length: number, seed: string): Uint8Array {
  const parts: Buffer[] = [];
  for (let i = 0; parts.length * 32 < length; i += 1) {
    parts.push(createHash("sha256").update(`${seed} ${i}`).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

const CASES = VERSIONS.flatMap((version) =>
  [...LEGACY_SUITES].flatMap(([code, suite]) =>
    // AEAD suites and those with SHA-2 came with TLS 1.2.
    version === 0x0303 || suite.mac === "sha1" ? [{ version, code, suite }] : [],
  ),
);

test("what one end seals the other opens, record after record", () => {
  assert.ok(CASES.length > 80);
  for (const { version, code, suite } of CASES) {
    const [ours, theirs] = [writer(suite, version), writer(suite, version)];
    for (const length of [1, 15, 16, 300]) {
      const plaintext = noise(length, "plain");
      const sealed = ours.seal(CONTENT_TYPES.handshake, version, plaintext);
      const opened = theirs.open(recordOf(sealed));
      assert.ok(opened.ok, `${code.toString(16)} ${version}`);
      assert.deepEqual(Buffer.from(opened.value.plaintext), Buffer.from(plaintext));
    }
  }
});

test("a record with one wrong bit, or repeated, does not open", () => {
  for (const { version, suite } of CASES) {
    const sealed = writer(suite, version).seal(CONTENT_TYPES.handshake, version, noise(40, "p"));
    for (const at of [5, Math.floor(sealed.length / 2), sealed.length - 1]) {
      const spoiled = Uint8Array.from(sealed);
      spoiled[at] = (spoiled[at] ?? 0) ^ 0x80;
      // ChaCha20 and GCM cover every byte; in CBC every byte is under the MAC or is padding.
      assert.equal(writer(suite, version).open(recordOf(spoiled)).ok, false);
    }
    const reader = writer(suite, version);
    assert.equal(reader.open(recordOf(sealed)).ok, true);
    assert.equal(reader.open(recordOf(sealed)).ok, false);
  }
});

test("garbage of every length is malformed and throws nothing", () => {
  for (const { version, suite } of CASES) {
    const reader = writer(suite, version);
    for (let length = 1; length < 130; length += 1) {
      const fragment = noise(length, `${version} ${suite.cipher.name}`);
      const record = recordOf(encodeRecord(CONTENT_TYPES.handshake, version, fragment));
      assert.equal(reader.open(record).ok, false);
    }
  }
});
