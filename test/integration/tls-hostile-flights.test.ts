import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { ALERTS, encodeAlert } from "../../src/wire/tls/alerts.ts";
import { concat, u8, u16 } from "../../src/wire/tls/byte-writing.ts";
import { type ClientHello, decodeClientHello } from "../../src/wire/tls/client-hello.ts";
import { EXTENSION_TYPES, extensionData } from "../../src/wire/tls/extensions.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../src/wire/tls/handshake.ts";
import {
  CONTENT_TYPES,
  encodeRecord,
  type RecordEvent,
  recordReader,
} from "../../src/wire/tls/records.ts";
import { type Acting, actedServer, encodeHello, type HelloFields } from "./acted-tls.ts";
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
const unknownExtension = (type: number) => ({ type, data: Uint8Array.of(1, 2, 3) });

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
      hello: {
        extensions: [
          unknownExtension(0xfafa),
          unknownExtension(0x1234),
          { type: 0xff01, data: u8(0) },
        ],
      },
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
    });
  }
});

const WRONG_VERSION = "the server chose a version that was not offered";
/** SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3). */
const RETRY_RANDOM = createHash("sha256").update("HelloRetryRequest").digest();
const garbage = new Uint8Array(300).fill(0x5a);
/** A choice that no client would take: whether the protocol is on stays open. */
const SENSELESS: readonly (readonly [string, Acting["hello"], string])[] = [
  ["a suite that was not offered", { suite: 0x1301 }, "the server chose what was not offered"],
  ["a suite nobody knows", { suite: 0x7777 }, "the server chose what was not offered"],
  ["3.4 without supported_versions", { version: 0x0304 }, WRONG_VERSION],
  ["5.1 as its version", { version: 0x0501 }, WRONG_VERSION],
  ["2.0 as its version", { version: 0x0200 }, WRONG_VERSION],
  [
    "TLS 1.3 that was not offered",
    { extensions: [{ type: 43, data: u16(0x0304) }] },
    WRONG_VERSION,
  ],
  ["a draft of TLS 1.3", { extensions: [{ type: 43, data: u16(0x7f1c) }] }, WRONG_VERSION],
];
/** Flights that end after a ServerHello that is right. */
const BROKEN: readonly (readonly [string, NonNullable<Acting["send"]>])[] = [
  ["garbage", ([first = garbage]) => [record(first), garbage]],
  ["a garbled message", ([first = garbage]) => [record(first), record(garbage)]],
  [
    "a fatal alert",
    ([first = garbage]) => [
      record(first),
      encodeRecord(CONTENT_TYPES.alert, VERSION, encodeAlert("fatal", ALERTS.internalError)),
    ],
  ],
];
describe("wrong servers", { concurrency: 4 }, () => {
  for (const [name, hello, why] of SENSELESS) {
    test(`a server that chooses ${name}: nothing is said that is not so`, async () => {
      const result = await scanOf(actedServer(rsa, { hello: hello ?? {} }));
      assert.deepEqual(falsehoods(truth, result), []);
      assert.deepEqual([result.state, result.why, result.protocols], ["tls", why, []]);
      assert.ok(result.protocolsUnknown.includes("TLSv1.2"));
      assert.deepEqual([result.certificates, result.vulnerabilities.robot], [null, "unknown"]);
    });
  }
  for (const [name, send] of BROKEN) {
    test(`a ServerHello with ${name} behind it: what is behind is unknown`, async () => {
      const result = await scanOf(actedServer(rsa, { send }));
      assert.deepEqual(falsehoods(truth, result), []);
      assert.deepEqual(result.protocols, ["TLSv1.2"]);
      assert.equal(result.certificates, null);
      const { heartbleed, robot, "ccs-injection": ccs } = result.vulnerabilities;
      assert.deepEqual([heartbleed, robot, ccs], ["unknown", "unknown", "unknown"]);
    });
  }

  const RETRIES: readonly (readonly [string, Retry, Partial<TlsScan>])[] = [
    ["asks again and again", {}, { groups: ["secp384r1"] }],
    ["wants a group that was not offered", { group: 0x7777 }, { groups: null }],
    [
      "echoes another session id",
      { sessionId: new Uint8Array(32).fill(1) },
      { groups: ["secp384r1"] },
    ],
  ];
  for (const [name, retry, expected] of RETRIES) {
    test(`a server of TLS 1.3 that ${name} is left open where it does not go on`, async () => {
      const result = await scanOf(retrying(retry));
      assert.deepEqual(result.protocols, ["TLSv1.3"]);
      assert.deepEqual(result.suites, { "TLSv1.3": ["TLS_AES_128_GCM_SHA256"] });
      const { groups, certificates, clientCertificate, tickets, earlyData } = result;
      assert.deepEqual(
        { groups, certificates, clientCertificate, tickets, earlyData },
        {
          certificates: null,
          clientCertificate: "unknown",
          tickets: { isOffered: null },
          earlyData: null,
          ...expected,
        },
      );
    });
  }

  for (const count of [4, 9, 15, 20]) {
    test(`a server that dies after ${count} connections and comes back costs no truth`, async () => {
      const result = await scanOf(dying(count, count + 3));
      assert.deepEqual(falsehoods(truth, result), []);
      assert.deepEqual(result.protocols, truth.protocols);
      assert.deepEqual(result.suites, truth.suites);
    });
  }
  test("a server that dies and stays away leaves open what was not asked", async () => {
    const result = await scanOf(dying(6, Number.POSITIVE_INFINITY));
    assert.deepEqual(falsehoods(truth, result), []);
    const { protocolsUnknown, suitesIncomplete, notes } = result;
    assert.ok(protocolsUnknown.length + Object.keys(suitesIncomplete).length > 0);
    assert.ok(
      notes.some((note) => note.startsWith("rate limited or gone")),
      notes.join("; "),
    );
  });
});

type Retry = Partial<Pick<HelloFields, "sessionId">> & { readonly group?: number };

/** A server of TLS 1.3 that answers every hello with a HelloRetryRequest. */
function retrying(retry: Retry): Server {
  return createServer((socket) => {
    const records = recordReader();
    const hear = (event: RecordEvent): void => {
      const { contentType, fragment } = event.kind === "record" ? event.record : NO_RECORD;
      if (contentType === CONTENT_TYPES.changeCipherSpec) return;
      const answer = retryFor(fragment.subarray(4), retry);
      if (answer === undefined) socket.end(REFUSAL);
      else socket.write(answer);
    };
    socket.on("data", (chunk) => records.feed(chunk).forEach(hear));
  });
}

const NO_RECORD = { contentType: CONTENT_TYPES.alert, fragment: new Uint8Array(0) };
const REFUSAL = encodeRecord(CONTENT_TYPES.alert, VERSION, encodeAlert("fatal", 40));

function retryFor(body: Uint8Array, { group = 24, sessionId }: Retry): Uint8Array | undefined {
  const hello = decodeClientHello(body);
  if (!hello.ok || !takesRetry(hello.value, group)) return undefined;
  const fields = {
    version: VERSION,
    random: RETRY_RANDOM,
    sessionId: sessionId ?? hello.value.sessionId,
    suite: 0x1301,
    extensions: [
      { type: EXTENSION_TYPES.supportedVersions, data: u16(0x0304) },
      { type: EXTENSION_TYPES.keyShare, data: u16(group) },
    ],
  };
  return record(encodeHandshake(HANDSHAKE_TYPES.serverHello, encodeHello(fields)));
}

function takesRetry({ suites, extensions = [] }: ClientHello, group: number): boolean {
  const groups = extensionData(extensions, EXTENSION_TYPES.supportedGroups) ?? new Uint8Array(0);
  const offered = Buffer.from(groups.subarray(2)).includes(Buffer.from(u16(group)));
  return suites.includes(0x1301) && (offered || group === 0x7777);
}

/** Connections after the `from`th up to the `to`th, open ones too, are reset; without an end the port is closed. */
function dying(from: number, to: number): Server {
  const server = actedServer(rsa, {});
  const open = new Set<Socket>();
  let count = 0;
  server.prependListener("connection", (socket) => {
    count += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    if (count <= from || count > to) return;
    if (to === Number.POSITIVE_INFINITY) server.close();
    for (const each of open) each.resetAndDestroy();
  });
  return server;
}
