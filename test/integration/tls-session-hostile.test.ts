import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { probeLegacySession } from "../../src/facts/tls/probe-legacy-session.ts";
import { probeModernSession } from "../../src/facts/tls/probe-modern-session.ts";
import { converse, type ProbeTarget } from "../../src/facts/tls/probe-stream.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { legacyHandshake } from "../../src/wire/tls-session/legacy-handshake.ts";
import { modernHandshake } from "../../src/wire/tls-session/modern-handshake.ts";
import { legacyOffer, modernOffer } from "../../src/wire/tls-session/offers.ts";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";

const host = createLocalHost({});
const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-hostile-"));
const servers = createServers();
let rsa = { cert: "", key: "" };

before(() => {
  rsa = createAuthority(directory).selfSigned("rsa", [], ["-newkey", "rsa:2048"]);
});
after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

async function nodeServer(options: TlsOptions): Promise<ProbeTarget> {
  const server = createTlsServer({ ...rsa, ...options });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  const port = await servers.listen(server);
  const open = () => host.openStream("127.0.0.1", port, { timeoutMs: 5_000, signal });
  return { open, serverName: "lab.test", timeoutMs: 5_000 };
}

/** A stream whose incoming bytes are spoiled, one in about `rarity`, the same way for the same seed. */
function spoiled(target: ProbeTarget, seed: number, rarity: number): ProbeTarget {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
  const spoil = (byte: number): number => (next() % rarity === 0 ? next() & 0xff : byte);
  const open = async () => {
    const stream = await target.open();
    return {
      address: stream.address,
      write: (bytes: Uint8Array) => stream.write(bytes),
      close: () => stream.close(),
      async read(timeoutMs: number) {
        const incoming = await stream.read(timeoutMs);
        return typeof incoming === "string" ? incoming : incoming.map(spoil);
      },
    };
  };
  return { ...target, open, timeoutMs: 60 };
}

test("spoiled bytes end a handshake with a reason, in time and never with an exception", async () => {
  const modern = await nodeServer({});
  const legacy = await nodeServer({ maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES128-SHA:ALL" });
  const counts = { finished: 0, stopped: 0 };
  for (let seed = 1; seed <= 120; seed += 1) {
    const rarity = [40, 300, 2000][seed % 3] ?? 300;
    const first = await converse(spoiled(modern, seed, rarity), () =>
      modernHandshake(modernOffer(undefined)),
    );
    const second = await converse(spoiled(legacy, seed, rarity), () =>
      legacyHandshake(legacyOffer("TLSv1.2")),
    );
    for (const conversed of [first, second]) {
      assert.ok(conversed.kind === "spoken");
      counts[conversed.value.kind] += 1;
    }
  }
  // A certificate may be spoiled in a field nobody reads, but not one handshake of these may be forged.
  assert.ok(counts.stopped > 100, JSON.stringify(counts));
  assert.ok(counts.finished > 5, JSON.stringify(counts));
});

test("a drip of one byte at a time is read as it is", async () => {
  const target = await nodeServer({});
  const open = async () => {
    const stream = await target.open();
    let held = new Uint8Array(0);
    return {
      address: stream.address,
      write: (bytes: Uint8Array) => stream.write(bytes),
      close: () => stream.close(),
      async read(timeoutMs: number) {
        if (held.length === 0) {
          const incoming = await stream.read(timeoutMs);
          if (typeof incoming === "string") return incoming;
          held = Uint8Array.from(incoming);
        }
        const [byte = 0] = held;
        held = held.subarray(1);
        return Uint8Array.of(byte);
      },
    };
  };
  assert.equal((await probeModernSession({ ...target, open })).state, "finished");
  assert.equal((await probeLegacySession({ ...target, open }, "TLSv1.2")).state, "finished");
});
