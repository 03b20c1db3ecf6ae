import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { HttpRequest } from "../../src/core/host.ts";
import { HostError } from "../../src/core/reading.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { HEADER_BYTES_MAX } from "../../src/host/local-request.ts";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";

const { signal } = new AbortController();
const servers = createServers();
const { listen, closedPort } = servers;
const host = createLocalHost();
let directory = "";
let authority: ReturnType<typeof createAuthority>;

before(() => {
  directory = mkdtempSync(join(tmpdir(), "plimsoll-net-"));
  authority = createAuthority(directory);
});
after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

const raw = (answer: string) =>
  listen(createServer((socket) => socket.once("data", () => socket.end(answer))));

function get(port: number, more: Partial<HttpRequest> = {}): HttpRequest {
  const url = new URL(`http://127.0.0.1:${port}/p?q=1`);
  return { method: "GET", url, bodyBytesMax: 1_000, timeoutMs: 3_000, signal, ...more };
}

test("connect: the address that answered; every address of a name is tried", async () => {
  const port = await listen(createServer());
  const direct = await host.connect("127.0.0.1", port, { timeoutMs: 2_000, signal });
  assert.equal(direct.address, "127.0.0.1");
  // localhost may be ::1 first, where nothing listens.
  const named = await host.connect("localhost", port, { timeoutMs: 2_000, signal });
  assert.equal(named.address, "127.0.0.1");
  const six = await listen(createServer(), "::1");
  assert.equal((await host.connect("[::1]", six, { timeoutMs: 2_000, signal })).address, "::1");
});

test("connect: refused, unknown name, and a limit on time", async () => {
  const refused = host.connect("127.0.0.1", await closedPort(), { timeoutMs: 2_000, signal });
  await assert.rejects(refused, { name: "HostError", code: "unreachable", reason: "ECONNREFUSED" });
  const unnamed = host.connect("no-such-host.invalid", 443, { timeoutMs: 3_000, signal });
  await assert.rejects(unnamed, (error) => {
    assert.ok(error instanceof HostError);
    return (
      error.code === "unreachable" && /^(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/.test(error.reason ?? "")
    );
  });
});

test("connect: an interrupted audit ends it with the reason given", async () => {
  const silentProxy = await listen(createServer());
  const stop = new AbortController();
  const waiting = host.connect("hub.test", 443, {
    timeoutMs: 10_000,
    signal: stop.signal,
    proxy: { host: "127.0.0.1", port: silentProxy },
  });
  setTimeout(() => stop.abort(new HostError("interrupted", "Ctrl-C")), 50);
  await assert.rejects(waiting, { code: "interrupted" });
  const before = host.connect("127.0.0.1", silentProxy, {
    timeoutMs: 1_000,
    signal: AbortSignal.abort(),
  });
  await assert.rejects(before, { code: "interrupted" });
});

test("sockets at once: no more than allowed", async () => {
  let open = 0;
  let most = 0;
  const port = await listen(
    createHttpServer((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 20);
    }),
  );
  const narrow = createLocalHost({ socketsMax: 2 });
  await Promise.all(Array.from({ length: 8 }, () => narrow.request(get(port))));
  assert.equal(most, 2);
});

test("request: the wire form goes out, order and repeats come back, the body is cut", async () => {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.once("data", (chunk) => {
      seen.push(chunk.toString());
      socket.end(
        "HTTP/1.1 301 Moved\r\nB: 1\r\na: 2\r\nB: 3\r\nLocation: http://evil.test/\r\nContent-Length: 10\r\n\r\n0123456789",
      );
    });
  });
  const port = await listen(server);
  const { transport, ...message } = await host.request(
    get(port, { bodyBytesMax: 4, fields: { host: "foreign.test", "X-A": "b" } }),
  );
  assert.deepEqual(message, {
    status: 301,
    fields: [
      ["B", "1"],
      ["a", "2"],
      ["B", "3"],
      ["Location", "http://evil.test/"],
      ["Content-Length", "10"],
    ],
    body: "0123",
  });
  const { elapsedMs = -1, ...way } = transport ?? {};
  assert.deepEqual(way, { protocol: "HTTP/1.1", address: "127.0.0.1", headerBytes: 52 });
  assert.ok(elapsedMs >= 0);
  assert.match(seen[0] ?? "", /^GET \/p\?q=1 HTTP\/1\.1\r\n/);
  assert.deepEqual(seen[0]?.match(/^host: .*$/gim), ["Host: foreign.test"]);
});

test("request: HEAD, an answer without length, an empty body, a switch of protocol", async () => {
  const head = await raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
  assert.equal((await host.request(get(head, { method: "HEAD" }))).body, "");
  assert.equal(
    (await host.request(get(await raw("HTTP/1.0 404 Not Found\r\n\r\ngone")))).body,
    "gone",
  );
  assert.equal((await host.request(get(await raw("HTTP/1.1 204 No Content\r\n\r\n")))).status, 204);
  const switched = await raw("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
  assert.equal((await host.request(get(switched))).status, 101);
});

const BROKEN: readonly (readonly [string, string, string])[] = [
  ["", "unreachable", "ECONNRESET"],
  ["SSH-2.0-OpenSSH\r\n", "malformed", "HPE_"],
  [
    `HTTP/1.1 200 OK\r\nX: ${"a".repeat(HEADER_BYTES_MAX)}\r\n\r\n`,
    "too-large",
    "HPE_HEADER_OVERFLOW",
  ],
  ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012", "unreachable", "ECONNRESET"],
];
for (const [answer, code, reason] of BROKEN) {
  test(`request: an answer of ${JSON.stringify(answer.slice(0, 30))}`, async () => {
    await assert.rejects(host.request(get(await raw(answer))), (error) => {
      assert.ok(error instanceof HostError, String(error));
      assert.equal(error.code, code);
      return error.reason?.startsWith(reason) === true;
    });
  });
}

test("request: silence and drops of bytes end at the time limit", async () => {
  const silent = await listen(createServer(() => undefined));
  const drips = await listen(
    createServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX: ");
      const timer = setInterval(() => socket.write("a"), 30);
      socket.on("close", () => clearInterval(timer));
    }),
  );
  const body = await listen(
    createServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const timer = setInterval(() => socket.write("a"), 30);
      socket.on("close", () => clearInterval(timer));
    }),
  );
  for (const port of [silent, drips, body]) {
    const started = performance.now();
    await assert.rejects(host.request(get(port, { timeoutMs: 300 })), { reason: "ETIMEDOUT" });
    assert.ok(performance.now() - started < 1_500);
  }
});

test("request: a bad certificate is not fatal; names lead where --connect-to says", async () => {
  const server = createHttpsServer(authority.selfSigned("web", []), (request, response) => {
    response.end(
      `${request.headers.host} ${"servername" in request.socket ? request.socket.servername : ""}`,
    );
  });
  const port = await listen(server);
  const mapped = createLocalHost({
    connectTo: [
      { fromHost: "app.test", fromPort: "443", toHost: "127.0.0.1", toPort: String(port) },
    ],
  });
  const url = new URL("https://app.test/");
  const own = await mapped.request(get(0, { url }));
  assert.equal(own.body, "app.test app.test");
  // A foreign Host header leaves the name in the handshake alone.
  const foreign = await mapped.request(get(0, { url, fields: { Host: "foreign.invalid" } }));
  assert.equal(foreign.body, "foreign.invalid app.test");
});
