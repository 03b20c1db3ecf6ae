import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type ListenOptions, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { known } from "../../src/core/reading.ts";
import { listeners } from "../../src/facts/listeners.fact.ts";
import { processEnvironment } from "../../src/facts/process-environment.fact.ts";
import { processes } from "../../src/facts/processes.fact.ts";
import { createLocalHost } from "../../src/host/local-host.ts";

let root = "";
before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "plimsoll-proc-")));
});
after(() => rmSync(root, { recursive: true, force: true }));

function context() {
  return {
    host: createLocalHost(),
    target: { directory: root, urls: [], mode: "auto", compat: false, hostFacts: true },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  } as const;
}

async function listen(options: ListenOptions): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, resolve);
  });
  return server;
}

test("what listens here is listed with its process: IPv4, [::], a unix socket", async () => {
  const servers = [
    await listen({ host: "127.0.0.1", port: 0 }),
    await listen({ host: "::", port: 0 }),
    await listen({ host: "::1", port: 0 }),
    await listen({ path: join(root, "app sock") }),
  ];
  try {
    const seen = await processes.collect(context(), {}, {});
    assert.equal(seen.state, "known");
    const own = seen.value.find(({ pid }) => pid === process.pid);
    assert.equal(own?.directory, process.cwd());
    assert.equal(own?.parent, process.ppid);
    assert.ok(Math.abs((own?.startedMs ?? 0) - (Date.now() - process.uptime() * 1000)) < 3_000);
    const reading = await listeners.collect(context(), {}, { processes: seen });
    assert.equal(reading.state, "known");
    const mine = reading.value.filter(({ pid }) => pid === process.pid);
    const expected = servers.slice(0, 3).map((server) => {
      const { address, port } = server.address() as AddressInfo;
      return { proto: "tcp", address, port, pid: process.pid, command: own?.name, user: own?.user };
    });
    for (const listener of expected) {
      assert.deepEqual(
        mine.find(({ port }) => port === listener.port),
        listener,
      );
    }
    assert.equal(mine.find(({ proto }) => proto === "unix")?.address, join(root, "app sock"));
  } finally {
    for (const server of servers) server.close();
  }
});

test("two wildcards on one port: the IPv6 one takes IPv6 only", async () => {
  const six = await listen({ host: "::", port: 0, ipv6Only: true });
  const { port } = six.address() as AddressInfo;
  const four = await listen({ host: "0.0.0.0", port });
  try {
    const reading = await listeners.collect(context(), {}, { processes: known([]) });
    assert.equal(reading.state, "known");
    const found = reading.value.filter((listener) => listener.port === port);
    assert.deepEqual(
      found.map(({ address, isDualStack }) => [address, isDualStack]),
      [
        ["0.0.0.0", undefined],
        ["::", false],
      ],
    );
  } finally {
    six.close();
    four.close();
  }
});

test("the environment of a process that runs in the directory, and never this one's", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], {
    cwd: root,
    env: { DJANGO_DEBUG: "0", ODD: "a=b\nc" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const readings = {
      processes: await processes.collect(context(), {}, {}),
      unitFiles: known([]),
    };
    const reading = await processEnvironment.collect(context(), {}, readings);
    assert.equal(reading.state, "known");
    assert.equal(reading.value.pid, child.pid);
    assert.equal(reading.value.where, `/proc/${child.pid}/environ`);
    assert.deepEqual(reading.value.variables, [
      ["DJANGO_DEBUG", "0"],
      ["ODD", "a=b\nc"],
    ]);
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
  }
  const readings = { processes: await processes.collect(context(), {}, {}), unitFiles: known([]) };
  assert.equal((await processEnvironment.collect(context(), {}, readings)).state, "absent");
});
