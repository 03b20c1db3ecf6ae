import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { createForwarder } from "../../bench/forwarder.ts";
import { selfSignedCertificate } from "../../src/cli/demo/certificate.ts";
import { HostError } from "../../src/core/reading.ts";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { CONNECTIONS_MAX, IN_FLIGHT_MAX } from "../../src/facts/tls/scan-target.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createMemoryHost } from "../../src/host/memory-host.ts";
import { createServers } from "./host-servers.ts";
import { createScratch, ROOT } from "./plimsoll.ts";

const servers = createServers();
const scratch = createScratch();
after(() => {
  servers.close();
  scratch.remove();
});
const certificate = selfSignedCertificate("localhost", Date.now());
const quick = await servers.listen(
  createTlsServer({ ...certificate, minVersion: "TLSv1.2" }, (socket) =>
    socket.on("error", () => undefined),
  ),
);
const signal = new AbortController().signal;

/** This machine, and how many connections it had open at most. */
function countingHost() {
  const local = createLocalHost();
  let open = 0;
  let openMax = 0;
  const enter = () => {
    open += 1;
    openMax = Math.max(openMax, open);
  };
  const host: typeof local = {
    ...local,
    async openStream(...args) {
      enter();
      const stream = await local.openStream(...args);
      let isOpen = true;
      return {
        ...stream,
        close() {
          stream.close();
          if (isOpen) open -= 1;
          isOpen = false;
        },
      };
    },
    async request(...args) {
      enter();
      return local.request(...args).finally(() => {
        open -= 1;
      });
    },
  };
  return { host, openMax: () => openMax };
}

test("never more connections at once than allowed, and the server sees as many as the scan counts", async () => {
  for (const inFlightMax of [IN_FLIGHT_MAX, 1]) {
    // A line long enough for every connection to be open while the next ones come.
    const forwarder = await createForwarder(quick, 20);
    const { host, openMax } = countingHost();
    const target = { host: "127.0.0.1", port: forwarder.port };
    const options = { signal, nowMs: Date.now() };
    const isUsual = inFlightMax === IN_FLIGHT_MAX;
    const [scan] = await scanTls(host, target, isUsual ? options : { ...options, inFlightMax });
    forwarder.close();
    assert.ok(scan);
    assert.deepEqual(scan.protocols, ["TLSv1.2", "TLSv1.3"]);
    assert.equal(openMax(), inFlightMax);
    assert.equal(forwarder.connections, scan.connections);
    assert.ok(scan.connections <= CONNECTIONS_MAX, `${scan.connections} connections`);
  }
});

test("the system's store is read once, however many targets a host is scanned for", async () => {
  let reads = 0;
  const files = createMemoryHost({ stream: () => ({ answer: () => ["end"] }) });
  const host = {
    ...files,
    readFile: (...args: Parameters<typeof files.readFile>) => {
      reads += 1;
      return files.readFile(...args);
    },
  };
  await scanTls(host, { host: "192.0.2.1", port: 443 }, { signal, nowMs: 0 });
  const first = reads;
  await scanTls(host, { host: "192.0.2.2", port: 443 }, { signal, nowMs: 0 });
  assert.ok(first > 0);
  assert.equal(reads, first);
});

for (const reason of ["EADDRNOTAVAIL", "EMFILE"]) {
  test(`${reason} is this machine's trouble: unknown, never off or unreachable`, async () => {
    const none = new HostError("unreachable", `192.0.2.1: ${reason}`, { reason });
    const host = createMemoryHost({ stream: () => none });
    const [scan] = await scanTls(host, { host: "192.0.2.1", port: 443 }, { signal, nowMs: 0 });
    assert.equal(scan?.state, "unknown");
    assert.equal(scan.why, `this machine cannot connect: 192.0.2.1: ${reason}`);
    assert.equal(scan.protocols, null);
    assert.deepEqual(scan.notes, [`this machine cannot connect: 192.0.2.1: ${reason}`]);
  });

  test(`${reason} that passes leaves nothing unknown`, async () => {
    let left = 2;
    const local = createLocalHost();
    const host: typeof local = {
      ...local,
      async openStream(...args) {
        left -= 1;
        if (left >= 0) throw new HostError("unreachable", reason, { reason });
        return local.openStream(...args);
      },
    };
    const options = { signal, nowMs: Date.now() };
    const [scan] = await scanTls(host, { host: "127.0.0.1", port: quick }, options);
    assert.deepEqual(scan?.protocols, ["TLSv1.2", "TLSv1.3"]);
    assert.deepEqual(scan.protocolsUnknown, []);
  });
}

test("an interrupted --targets prints what is done, each line whole, and exits 3", async () => {
  const mute = await servers.listen(createServer());
  const lines = [`127.0.0.1:${quick}`, ...Array.from({ length: 30 }, () => `127.0.0.1:${mute}`)];
  const file = scratch.write("targets.txt", `${lines.join("\n")}\n`);
  const child = spawn(`${ROOT}/bin/plimsoll`, ["tls", "--targets", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stdout === "") child.kill("SIGINT");
    stdout += text;
  });
  const exit = await new Promise((resolve) => child.once("close", resolve));
  const reports: readonly { tls: readonly TlsScan[] }[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(exit, 3);
  assert.ok(reports.length < lines.length, `${reports.length} lines`);
  for (const { tls } of reports) assert.ok([quick, mute].includes(tls[0]?.port ?? 0));
});
