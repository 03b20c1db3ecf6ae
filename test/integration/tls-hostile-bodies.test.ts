import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { opossumNote } from "../../src/facts/tls/opossum.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { concat, u8, u16, u24, vector } from "../../src/wire/tls/byte-writing.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../src/wire/tls/handshake.ts";
import { CONTENT_TYPES, encodeRecord } from "../../src/wire/tls/records.ts";
import { type Acting, actedServer } from "./acted-tls.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import { createOpensslServers } from "./openssl-server.ts";
import { falsehoods } from "./tls-truth.ts";

const NAME = "lab.test";
const SCAN_MS_MAX = 15_000;
const MEMORY_BYTES_MAX = 300_000_000;
const host = createLocalHost();
const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-bodies-"));
const servers = createServers();
const openssl = createOpensslServers(directory);
let rsa: TestCertificate;
let der: Uint8Array;
let truth: TlsScan;

before(async () => {
  rsa = createAuthority(directory).issue("rsa", {
    names: `DNS:${NAME}`,
    key: ["-newkey", "rsa:2048"],
  });
  der = new X509Certificate(rsa.cert).raw;
  truth = await scan(await servers.listen(actedServer(rsa, {})));
  assert.deepEqual(truth.protocols, ["TLSv1.2"]);
});

after(() => {
  servers.close();
  openssl.close();
  rmSync(directory, { recursive: true, force: true });
});

async function scan(port: number): Promise<TlsScan> {
  const target = { host: "127.0.0.1", port, sni: NAME };
  const [result] = await scanTls(host, target, { signal, nowMs: Date.now() });
  return result ?? assert.fail("no scan");
}

/** A scan that takes no more than it may. */
async function boundedScan(server: Server | number): Promise<TlsScan> {
  const beforeBytes = process.memoryUsage().rss;
  const result = await scan(typeof server === "number" ? server : await servers.listen(server));
  const grownBytes = process.memoryUsage().rss - beforeBytes;
  assert.ok(grownBytes < MEMORY_BYTES_MAX, `${grownBytes} bytes`);
  assert.ok(result.durationMs < SCAN_MS_MAX, `${result.durationMs} ms`);
  return result;
}

const empty = new Uint8Array(0);
const record = (bytes: Uint8Array) => encodeRecord(CONTENT_TYPES.handshake, 0x0303, bytes);
const certificates = (count: number, each: Uint8Array): Uint8Array =>
  vector(3, ...Array.from({ length: count }, () => vector(3, each)));
const POURED = record(new Uint8Array(16_384));

/** How many certificates are seen; `null` where none can be. */
const BODIES: readonly (readonly [string, () => Acting, number | null])[] = [
  [
    "a certificate message of 10 MB",
    () => ({ certificateBody: certificates(10, new Uint8Array(1_000_000)) }),
    null,
  ],
  [
    "64 MiB behind the header of the longest message there is",
    () => ({
      send: ([hello = empty]) => [
        record(hello),
        record(concat(u8(HANDSHAKE_TYPES.certificate), u24(0xffffff))),
        ...Array<Uint8Array>(4096).fill(POURED),
      ],
    }),
    null,
  ],
  ["a chain of 100 certificates", () => ({ certificateBody: certificates(100, der) }), 1],
  [
    "a leaf that is no DER",
    () => ({ certificateBody: certificates(1, new Uint8Array(700).fill(0x30)) }),
    1,
  ],
  ["an empty leaf", () => ({ certificateBody: certificates(1, empty) }), 1],
  ["an empty list of certificates", () => ({ certificateBody: certificates(0, empty) }), null],
  [
    "3,000 tickets",
    () => ({ offersTicket: true, beforeFinished: Array<Uint8Array>(3000).fill(TICKET) }),
    1,
  ],
];
const TICKET = encodeHandshake(
  HANDSHAKE_TYPES.newSessionTicket,
  concat(u16(0), u16(3600), vector(2, new Uint8Array(160).fill(9))),
);
for (const [name, acting, count] of BODIES) {
  test(`${name}: bounded, and nothing is said that is not so`, async () => {
    const result = await boundedScan(actedServer(rsa, acting()));
    const hasTickets = acting().offersTicket === true;
    assert.deepEqual(falsehoods(truth, result), hasTickets ? ["tickets: true"] : []);
    assert.deepEqual(result.protocols, ["TLSv1.2"]);
    assert.equal(result.certificates?.length ?? null, count);
  });
}

test("what is no certificate is called that, and its key cannot be used", async () => {
  for (const leaf of [empty, new Uint8Array(700).fill(0x30)]) {
    const acting = { certificateBody: certificates(1, leaf) };
    const { certificates: seen, vulnerabilities } = await boundedScan(actedServer(rsa, acting));
    assert.deepEqual(
      seen?.map(({ problems, trusted }) => [problems, trusted]),
      [[["broken-der"], "no"]],
    );
    assert.equal(vulnerabilities.robot, "unknown");
  }
});

test("a certificate of 4,000 names is read in bounds", async () => {
  const names = Array.from({ length: 4000 }, (_, at) => `DNS:n${at}.${NAME}`).join(",");
  const many = createAuthority(mkdtempSync(join(directory, "many-"))).issue("rsa", {
    names,
    key: ["-newkey", "rsa:2048"],
  });
  const { certificates: seen, protocols } = await boundedScan(actedServer(many, {}));
  assert.deepEqual(protocols, ["TLSv1.2"]);
  assert.ok(seen?.[0]?.problems.includes("name-mismatch"), seen?.[0]?.problems.join(", "));
});

test("a storm of TLS 1.3 tickets ends, and tickets are offered", async () => {
  writeFileSync(join(directory, "storm.pem"), `${rsa.cert}${rsa.key}`);
  const port = await openssl.start("-cert", "storm.pem", "-tls1_3", "-num_tickets", "3000");
  const { protocols, tickets, clientCertificate } = await boundedScan(port);
  assert.deepEqual([protocols, tickets.isOffered, clientCertificate], [["TLSv1.3"], true, "none"]);
});

test("64 MiB of one HTTP field leave open what HTTP tells", async () => {
  let requests = 0;
  const poured = Buffer.alloc(16_384, "a");
  const server = createTlsServer({ ...rsa, maxVersion: "TLSv1.2" }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      requests += 1;
      socket.write("HTTP/1.1 200 OK\r\nX: ");
      pour(socket, poured, 4096);
    });
  });
  server.on("tlsClientError", () => undefined);
  const { hstsSeconds, vulnerabilities } = await boundedScan(await servers.listen(server));
  assert.deepEqual([requests, hstsSeconds, vulnerabilities.breach], [1, null, "unknown"]);
});

/** Writes as fast as it is taken. */
function pour(socket: Socket, chunk: Uint8Array, times: number): void {
  let left = times;
  const write = (): void => {
    while (left > 0 && socket.writable) {
      left -= 1;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on("drain", write);
  write();
}

const PLAIN_PORTS: readonly (readonly [string, string, boolean])[] = [
  [
    "switches",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n",
    true,
  ],
  [
    "offers",
    "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    true,
  ],
  [
    "offers another protocol",
    "HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
    false,
  ],
  ["takes no notice", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false],
  ["speaks no HTTP", "SSH-2.0-x\r\n", false],
  ["hangs up", "", false],
];
for (const [name, answer, isFound] of PLAIN_PORTS) {
  test(`Opossum on a plain port that ${name}: ${isFound}`, async () => {
    const plainPort = await servers.listen(
      createServer((socket) => socket.once("data", () => socket.end(answer))),
    );
    const target = { host: "127.0.0.1", port: 1, plainPort };
    const note = await opossumNote(host, target, "127.0.0.1", { signal, nowMs: 0 });
    assert.equal(note !== undefined, isFound);
  });
}
