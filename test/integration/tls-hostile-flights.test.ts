import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { ALERTS, encodeAlert } from "../../src/wire/tls/alerts.ts";
import { ascii, concat, u8, u16, u24, vector } from "../../src/wire/tls/byte-writing.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../src/wire/tls/handshake.ts";
import { CONTENT_TYPES, encodeRecord } from "../../src/wire/tls/records.ts";
import { type Acting, actedServer } from "./acted-tls.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import { falsehoods } from "./tls-truth.ts";

const NAME = "lab.test";
const host = createLocalHost();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-flights-"));
const servers = createServers();
let rsa: TestCertificate;
let truth: TlsScan;

before(async () => {
  rsa = createAuthority(directory).issue("rsa", {
    names: `DNS:${NAME}`,
    key: ["-newkey", "rsa:2048"],
  });
  truth = await scan(await servers.listen(actedServer(rsa, {})));
  assert.deepEqual(truth.protocols, ["TLSv1.2"]);
  assert.deepEqual(truth.protocolsUnknown, []);
  assert.deepEqual(truth.suites, { "TLSv1.2": ["TLS_RSA_WITH_AES_128_CBC_SHA"] });
});

after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

async function scan(port: number): Promise<TlsScan> {
  const { signal } = new AbortController();
  const target = { host: "127.0.0.1", port, sni: NAME };
  const [result] = await scanTls(host, target, { signal, nowMs: Date.now() });
  return result ?? assert.fail("no scan");
}

const scanOf = async (server: Server): Promise<TlsScan> => scan(await servers.listen(server));

const VERSION = 0x0303;
const record = (bytes: Uint8Array): Uint8Array =>
  encodeRecord(CONTENT_TYPES.handshake, VERSION, bytes);
/** Records with so many bytes in each. */
const cut = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    record(bytes.subarray(at * size, (at + 1) * size)),
  );
const single = (bytes: Uint8Array): readonly Uint8Array[] =>
  [...bytes].map((byte) => Uint8Array.of(byte));
const warning = encodeRecord(
  CONTENT_TYPES.alert,
  VERSION,
  encodeAlert("warning", ALERTS.unrecognizedName),
);
const EXTENSION = (type: number) => ({ type, data: Uint8Array.of(1, 2, 3) });

/** Odd, and yet all that is to be seen is there. */
const ODD: readonly (readonly [string, Acting])[] = [
  ["every message in a record of its own", { send: (messages) => messages.map(record) }],
  ["records of one byte", { send: (messages) => cut(concat(...messages), 1) }],
  [
    "records of seven bytes in one write",
    { send: (messages) => [concat(...cut(concat(...messages), 7))] },
  ],
  ["segments of one byte", { send: (messages) => single(record(concat(...messages))) }],
  ["a warning of the name first", { send: (messages) => [warning, record(concat(...messages))] }],
  [
    "a warning within the flight",
    {
      send: ([first = new Uint8Array(0), ...rest]) => [record(first), warning, ...rest.map(record)],
    },
  ],
  [
    "extensions nobody knows",
    {
      hello: { extensions: [EXTENSION(0xfafa), EXTENSION(0x1234), { type: 0xff01, data: u8(0) }] },
    },
  ],
  [
    "the sentinel of a downgrade",
    {
      hello: { random: concat(new Uint8Array(24).fill(5), Buffer.from("444f574e47524401", "hex")) },
    },
  ],
];
describe("odd servers", { concurrency: 4 }, () => {
  for (const [name, acting] of ODD) {
    test(`${name} hides nothing`, async () => {
      const result = await scanOf(actedServer(rsa, acting));
      assert.deepEqual(falsehoods(truth, result), []);
      assert.deepEqual(result.protocols, truth.protocols);
      assert.deepEqual(result.suites, truth.suites);
      assert.equal(
        result.certificates?.[0]?.fingerprint256,
        truth.certificates?.[0]?.fingerprint256,
      );
      console.log(name, result.durationMs, result.connections, diff(result));
    });
  }
});

function diff(result: TlsScan): string {
  const out: string[] = [];
  const a = truth as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(result)) {
    if (["connections", "durationMs", "port", "target"].includes(key)) continue;
    if (JSON.stringify(a[key]) !== JSON.stringify(value))
      out.push(`${key}=${JSON.stringify(value).slice(0, 600)}`);
  }
  return out.join("\n   ");
}

const garbage = new Uint8Array(300).fill(0x5a);
/** Wrong: nothing may be said by them that is not so. */
const WRONG: readonly (readonly [string, Acting])[] = [
  ["a suite that was not offered", { hello: { suite: 0x1301 } }],
  ["a suite nobody knows", { hello: { suite: 0x7777 } }],
  ["version 3.4 without the extension", { hello: { version: 0x0304 } }],
  ["version 5.1", { hello: { version: 0x0501 } }],
  ["version 2.0", { hello: { version: 0x0200 } }],
  [
    "TLS 1.3 to a hello that does not have it",
    { hello: { extensions: [{ type: 43, data: u16(0x0304) }] } },
  ],
  ["a draft of TLS 1.3", { hello: { extensions: [{ type: 43, data: u16(0x7f1c) }] } }],
  ["garbage after the ServerHello", { send: ([first = garbage]) => [record(first), garbage] }],
  [
    "a garbled message after the ServerHello",
    { send: ([first = garbage]) => [record(first), record(garbage)] },
  ],
  ["nothing after the ServerHello", { send: ([first = garbage]) => [record(first)] }],
  ["half a ServerHello", { send: ([first = garbage]) => [record(first.subarray(0, 20))] }],
];
describe("wrong servers", { concurrency: 6 }, () => {
  for (const [name, acting] of WRONG) {
    test(`${name}: nothing false is said`, async () => {
      const result = await scanOf(actedServer(rsa, acting));
      console.log(
        name,
        result.durationMs,
        result.connections,
        "FALSE:",
        falsehoods(truth, result),
        diff(result),
      );
    });
  }
});

const certificateBody = (count: number, der: Uint8Array): Uint8Array =>
  vector(3, ...Array.from({ length: count }, () => vector(3, der)));
void certificateBody;
void u24;
void ascii;
void encodeHandshake;
void HANDSHAKE_TYPES;
