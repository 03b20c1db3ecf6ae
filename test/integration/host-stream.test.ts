import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import type { ByteStream } from "../../src/core/host.ts";
import { HostError } from "../../src/core/reading.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { STREAM_BYTES_MAX } from "../../src/host/local-stream.ts";
import { createServers } from "./host-servers.ts";

const servers = createServers();
const { signal } = new AbortController();
const options = { timeoutMs: 2000, signal };
const host = createLocalHost();

after(() => servers.close());

const listen = (act: (socket: Socket) => void) => servers.listen(createServer(act));

async function text(stream: ByteStream): Promise<string> {
  const read = await stream.read(2000);
  return typeof read === "string" ? read : Buffer.from(read).toString();
}

test("carries bytes both ways and tells an end, a reset and silence apart", async () => {
  const port = await listen((socket) => {
    socket.on("data", (data) => {
      if (data.toString() === "end") socket.end("bye");
      else if (data.toString() === "reset") socket.resetAndDestroy();
      else socket.write(`heard ${data}`);
    });
  });
  const stream = await host.openStream("127.0.0.1", port, options);
  assert.equal(stream.address, "127.0.0.1");
  assert.equal(await stream.read(20), "silence");
  await stream.write(Buffer.from("hello"));
  assert.equal(await text(stream), "heard hello");
  await stream.write(Buffer.from("end"));
  assert.equal(await text(stream), "bye");
  assert.equal(await stream.read(1000), "end");
  assert.equal(await stream.read(1000), "end");
  stream.close();
  const second = await host.openStream("127.0.0.1", port, options);
  await second.write(Buffer.from("reset"));
  assert.equal(await second.read(1000), "reset");
  await assert.rejects(second.write(Buffer.from("x")), HostError);
  second.close();
});

test("holds a flooding peer back and hands out 64 KiB at most", async () => {
  let sent = 0;
  const port = await listen((socket) => {
    const chunk = Buffer.alloc(256 * 1024);
    const pour = () => {
      while (socket.writable && socket.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    socket.on("drain", pour);
    pour();
  });
  const stream = await host.openStream("127.0.0.1", port, options);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = sent;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(sent, before);
  let received = 0;
  while (received <= before) {
    const read = await stream.read(1000);
    assert.ok(typeof read !== "string");
    assert.ok(read.length <= STREAM_BYTES_MAX);
    received += read.length;
  }
  stream.close();
});

test("ends with its signal and gives its place back once", async () => {
  const narrow = createLocalHost({ socketsMax: 1 });
  const port = await listen((socket) => socket.resume());
  const control = new AbortController();
  const stream = await narrow.openStream("127.0.0.1", port, { ...options, signal: control.signal });
  const waiting = narrow.openStream("127.0.0.1", port, options);
  control.abort();
  assert.equal(await stream.read(1000), "end");
  stream.close();
  const second = await waiting;
  const third = narrow.openStream("127.0.0.1", port, options);
  const first = await Promise.race([
    third,
    new Promise((resolve) => setTimeout(resolve, 100, "waits")),
  ]);
  assert.equal(first, "waits");
  second.close();
  (await third).close();
});

test("goes where --connect-to says, to one address where told, and nowhere without leave", async () => {
  const port = await listen((socket) => socket.end("here"));
  const rules = [{ fromHost: "app.test", fromPort: "443", toHost: "127.0.0.1", toPort: `${port}` }];
  const sent = createLocalHost({ connectTo: rules });
  const stream = await sent.openStream("app.test", 443, options);
  assert.equal(await text(stream), "here");
  stream.close();
  assert.deepEqual(await sent.resolve("app.test", 443), ["127.0.0.1"]);
  assert.deepEqual(await sent.resolve("::1"), ["::1"]);
  await assert.rejects(sent.resolve("app.invalid"), { reason: "ENOTFOUND" });
  const direct = await host.openStream("app.test", port, { ...options, address: "127.0.0.1" });
  assert.equal(await text(direct), "here");
  direct.close();
  const closed = await servers.closedPort();
  await assert.rejects(host.openStream("127.0.0.1", closed, options), { reason: "ECONNREFUSED" });
  const refusing = createLocalHost({ granted: new Set(["read"]) });
  await assert.rejects(refusing.openStream("127.0.0.1", port, options), { code: "not-granted" });
  await assert.rejects(refusing.resolve("localhost"), { code: "not-granted" });
});
