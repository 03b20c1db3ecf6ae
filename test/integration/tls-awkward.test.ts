import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import type { ScanOptions } from "../../src/facts/tls/scan-target.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import {
  acted,
  atOnce,
  bucket,
  firstOnly,
  limiting,
  mute,
  passingOn,
  ssl2Server,
} from "./tls-actors.ts";
import { falsehoods } from "./tls-truth.ts";

const NAME = "lab.test";
const host = createLocalHost();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-awkward-"));
const servers = createServers();
let rsa: TestCertificate;
let ec: TestCertificate;
/** A server with two certificates, two names of ALPN, tickets and two protocols. */
let rich = 0;
let truth: TlsScan;

before(async () => {
  const authority = createAuthority(directory);
  rsa = authority.issue("rsa", { names: `DNS:${NAME}`, key: ["-newkey", "rsa:2048"] });
  ec = authority.issue("ec", { names: `DNS:${NAME}` });
  rich = await tlsServer({ minVersion: "TLSv1.2" });
  truth = await scan(rich);
  assert.equal(truth.certificates?.length, 2);
  assert.deepEqual(truth.notes, []);
});

after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

function tlsServer(options: Parameters<typeof createTlsServer>[0]): Promise<number> {
  const server = createTlsServer(
    {
      cert: [rsa.cert, ec.cert],
      key: [rsa.key, ec.key],
      ALPNProtocols: ["h2", "http/1.1"],
      ciphers:
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:AES128-SHA:TLS_AES_128_GCM_SHA256",
      ...options,
    },
    (socket) => {
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    },
  );
  server.on("tlsClientError", () => undefined);
  return servers.listen(server);
}

async function scan(port: number, options: Partial<ScanOptions> = {}): Promise<TlsScan> {
  const { signal } = new AbortController();
  const target = { host: "127.0.0.1", port, sni: NAME };
  const [result] = await scanTls(host, target, { signal, nowMs: Date.now(), ...options });
  return result ?? assert.fail("no scan");
}

for (const connectionsMax of [1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 35, 40]) {
  test(`what ${connectionsMax} connections do not answer is unknown, the rest is so`, async () => {
    const result = await scan(rich, { connectionsMax });
    assert.deepEqual(falsehoods(truth, result), []);
    assert.equal(result.connections, connectionsMax);
    assert.ok(result.notes.includes(`stopped after ${connectionsMax} connections`));
  });
}

// Most of their time is waiting.
describe("servers that keep one waiting", { concurrency: 4 }, () => {
  const SLOWED = "rate limited, slowed down";
  const THROTTLES: readonly (readonly [
    string,
    () => Parameters<typeof limiting> extends [number, ...infer Rest] ? Rest : never,
  ])[] = [
    ["one connection at a time, else a reset", () => [atOnce(1), "reset"]],
    ["two connections at a time, else a close", () => [atOnce(2), "end"]],
    ["two at a time, refuses by reset as well", () => [atOnce(2), "reset", "reset"]],
    ["five and a hundred a second, refuses by close as well", () => [bucket(5, 100), "end", "end"]],
    ["ten and twenty a second", () => [bucket(10, 20), "reset"]],
  ];
  for (const [name, limits] of THROTTLES) {
    test(`a server that throttles costs no fact: ${name}`, async () => {
      const result = await scan(await servers.listen(acted(limiting(rich, ...limits()))));
      assert.deepEqual(falsehoods(truth, result), []);
      assert.deepEqual(result.protocolsUnknown, []);
      assert.deepEqual(result.suitesIncomplete, {});
      for (const note of result.notes) assert.equal(note, SLOWED);
      assert.ok(result.durationMs < 30_000, `${result.durationMs} ms`);
    });
  }

  test("a server that refuses every protocol and suite by reset takes no more than 75 connections", async () => {
    const port = await servers.listen(acted(limiting(rich, () => true, "reset", "reset")));
    const result = await scan(port);
    assert.deepEqual(falsehoods(truth, result), []);
    assert.deepEqual([result.protocolsUnknown, result.suitesIncomplete], [[], {}]);
    assert.ok(result.connections <= 75, `${result.connections} connections`);
  });

  test("a server that falls silent for good is left in half a minute, and it is said", async () => {
    const port = await servers.listen(acted(limiting(rich, firstOnly(20), "silence")));
    const result = await scan(port);
    assert.deepEqual(falsehoods(truth, result), []);
    assert.ok(result.notes.some((note) => note.startsWith("rate limited or gone")));
    assert.ok(result.durationMs < 35_000, `${result.durationMs} ms`);
  });

  test("SSL 2.0 alone is found behind silence to every hello of TLS", async () => {
    const speak = ssl2Server([0x010080], new X509Certificate(rsa.cert).raw);
    const port = await servers.listen(
      acted((socket) => {
        socket.once("data", (first: Buffer) => {
          if (first[0] === 22) return mute(socket);
          speak(socket);
          return socket.emit("data", first);
        });
      }),
    );
    const result = await scan(port);
    assert.equal(result.state, "tls");
    assert.deepEqual(result.protocols, ["SSLv2"]);
    assert.equal(result.vulnerabilities.drown, "vulnerable");
    assert.deepEqual(result.protocolsUnknown, ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
  });

  for (const how of ["end", "alert"] as const) {
    test(`a server that takes hellos of fewer than 256 bytes alone (${how}) is not called off`, async () => {
      const old = await tlsServer({ maxVersion: "TLSv1.2", ciphers: "AES128-SHA@SECLEVEL=0" });
      const actor = passingOn(old, (first, socket) => refusesLongHello(first, socket, how));
      const result = await scan(await servers.listen(acted(actor)));
      assert.deepEqual(result.protocols, ["TLSv1.2"]);
      assert.deepEqual(result.suites["TLSv1.2"], ["TLS_RSA_WITH_AES_128_CBC_SHA"]);
      assert.ok(result.notes.includes("the server answers no hello with extensions"));
      assert.deepEqual(
        [result.sni.withoutName, result.fallbackScsv, result.groups, result.alpn],
        ["unknown", "unknown", null, null],
      );
      assert.ok(result.durationMs < 60_000, `${result.durationMs} ms`);
    });
  }
});

/** Takes records of TLS below 256 bytes alone. */
function refusesLongHello(first: Buffer, socket: Socket, how: "end" | "alert"): boolean {
  if (first[0] === 22 && first.length < 256) return false;
  if (how === "end") socket.end();
  if (how === "alert") socket.end(Uint8Array.of(21, 3, 1, 0, 2, 2, 40));
  return true;
}
