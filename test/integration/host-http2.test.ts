import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";

import type { HttpRequest } from "../../src/core/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { HEADER_BYTES_MAX } from "../../src/host/local-request.ts";
import { HTTP2_FIELDS_MAX } from "../../src/host/local-request-h2.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";

/* HTTP/2 through the host's door: what an honest server sends, and what one sends to do harm. */

const LIMIT_MS = 2_000;
const { signal } = new AbortController();
const { listen, close } = createServers();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-h2-"));
let certificate: TestCertificate;
let host: ReturnType<typeof createLocalHost>;

before(() => {
  const authority = createAuthority(directory);
  certificate = authority.issue("site", { names: "DNS:localhost,IP:127.0.0.1" });
  host = createLocalHost({ caFile: authority.caFile });
});
after(() => {
  close();
  rmSync(directory, { recursive: true, force: true });
});

function request(port: number, more: Partial<HttpRequest> = {}) {
  return host.request({
    method: "GET",
    url: new URL(`https://127.0.0.1:${port}/p?q=1`),
    bodyBytesMax: 1_000,
    timeoutMs: LIMIT_MS,
    signal,
    protocol: "h2",
    isCertificateJudged: true,
    ...more,
  });
}

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const http2 = (answer: Answer) =>
  listen(createSecureServer({ ...pair(), maxHeaderListPairs: 10_000 }, answer));
const stream = (answer: (stream: ServerHttp2Stream) => void) =>
  http2((_, { stream: each }) => {
    each.on("error", () => undefined);
    answer(each);
  });
const pair = () => ({ cert: certificate.cert, key: certificate.key });

/** Agrees on `h2` and then does as it likes. */
const bytes = (speak: (socket: TLSSocket) => void, ALPNProtocols = ["h2"]) =>
  listen(
    createTlsServer({ ...pair(), ALPNProtocols }, (socket) => {
      socket.on("error", () => undefined);
      speak(socket);
    }),
  );

/** A frame (RFC 9113 section 4.1). */
function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}
const SETTINGS = frame(4, 0, 0, Buffer.alloc(0));
const FRAME_BYTES_MAX = 16_384;
/** The longest value whose length is one byte (RFC 7541 section 5.1). */
const VALUE_BYTES = 126;
/** A literal field without indexing (RFC 7541 section 6.2.2): `a: aaa…`. */
const LITERAL = Buffer.concat([
  Buffer.from([0, 1, 0x61, VALUE_BYTES]),
  Buffer.alloc(VALUE_BYTES, 0x61),
]);
/** `:status: 200` (RFC 7541 appendix A). */
const STATUS_200 = Buffer.from([0x88]);
const END_STREAM = 1;
const END_HEADERS = 4;

/** An answer with so many of these fields, and nothing else. */
function literals(count: number): Promise<number> {
  const block = Buffer.concat(Array.from({ length: count }, () => LITERAL));
  const parts = Array.from({ length: Math.ceil(block.length / FRAME_BYTES_MAX) }, (_, at) =>
    frame(9, 0, 1, block.subarray(at * FRAME_BYTES_MAX, (at + 1) * FRAME_BYTES_MAX)),
  );
  const end = frame(9, END_HEADERS, 1, Buffer.alloc(0));
  return bytes((socket) => {
    socket.write(SETTINGS);
    socket.once("data", () => {
      socket.write(Buffer.concat([frame(1, END_STREAM, 1, STATUS_200), ...parts, end]));
    });
  });
}

test("http2: the request goes out, fields come back in wire order with repeats", async () => {
  const seen: Record<string, unknown>[] = [];
  const port = await http2(({ headers }, response) => {
    seen.push(headers);
    response.stream.respond({ ":status": 404, "x-b": "1", "set-cookie": ["a=1", "b=2"] });
    response.stream.end("none");
  });
  const message = await request(port, {
    fields: { "User-Agent": "test", Host: "other.example", Connection: "close" },
  });
  const own = message.fields.filter(([name]) => name !== "date");
  assert.deepEqual(own, [
    ["x-b", "1"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  assert.equal(message.status, 404);
  assert.equal(Buffer.from(message.content?.bytes ?? []).toString(), "none");
  assert.deepEqual(
    [message.transport?.protocol, message.transport?.address, message.transport?.certificate],
    ["h2", "127.0.0.1", { isVerified: true }],
  );
  const { [":path"]: path, [":authority"]: authority, "user-agent": agent } = seen[0] ?? {};
  assert.deepEqual([path, authority, agent], ["/p?q=1", `127.0.0.1:${port}`, "test"]);
});

test("http2: codings are undone, a long body is cut", async () => {
  const port = await stream((each) => {
    each.respond({ ":status": 200, "content-encoding": "gzip" });
    each.end(gzipSync("x".repeat(2_000)));
  });
  const { content } = await request(port);
  assert.deepEqual([content?.bytes.length, content?.cut], [1_000, "size"]);
});

test("http2: a server that does not take it says so", async () => {
  const port = await bytes((socket) => socket.end(), ["http/1.1"]);
  await assert.rejects(request(port), { name: "HostError", code: "unreachable" });
  const silent = await listen(createTlsServer(pair(), (socket) => socket.resume()));
  await assert.rejects(request(silent), { code: "unreachable", reason: "NO_H2" });
});

const late = { code: "unreachable", reason: "ETIMEDOUT" };
const hostile: readonly [
  name: string,
  start: () => Promise<number>,
  error: { readonly code: string; readonly reason?: string },
][] = [
  ["says nothing at all", () => bytes((socket) => socket.resume()), late],
  ["never answers", () => stream(() => undefined), late],
  [
    "only pings",
    () =>
      bytes((socket) => {
        socket.write(SETTINGS);
        const timer = setInterval(() => socket.write(frame(6, 0, 0, Buffer.alloc(8))), 20);
        socket.on("close", () => clearInterval(timer));
      }),
    late,
  ],
  [
    "only gives hints",
    () =>
      stream((each) => {
        const timer = setInterval(() => {
          if (!each.destroyed) each.additionalHeaders({ ":status": 103, link: "</a>" });
        }, 20);
        each.on("close", () => clearInterval(timer));
      }),
    late,
  ],
  [
    "resets the stream",
    () => stream((each) => each.close(2)),
    { code: "unreachable", reason: "ECONNRESET" },
  ],
  [
    "resets the connection",
    () => bytes((socket) => socket.once("data", () => destroy(socket))),
    { code: "unreachable", reason: "ECONNRESET" },
  ],
  [
    "closes the connection",
    () => bytes((socket) => socket.once("data", () => socket.end())),
    { code: "unreachable", reason: "ECONNRESET" },
  ],
  [
    "goes away",
    () =>
      bytes((socket) => {
        socket.write(SETTINGS);
        socket.once("data", () => socket.write(frame(7, 0, 0, Buffer.alloc(8))));
      }),
    { code: "unreachable" },
  ],
  [
    "answers in HTTP/1.1",
    () => bytes((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
    { code: "malformed" },
  ],
  [
    "sends a header section of 10 MB",
    () => literals(10_000_000 / LITERAL.length),
    { code: "too-large", reason: "HEADERS_TOO_LARGE" },
  ],
  [
    "sends more fields than are taken",
    () => fieldsOf(HTTP2_FIELDS_MAX + 1),
    { code: "too-large", reason: "HEADERS_TOO_LARGE" },
  ],
  [
    "sends a longer header section than is taken",
    () => literals(Math.floor(HEADER_BYTES_MAX / (VALUE_BYTES + 1)) + 1),
    { code: "too-large", reason: "HEADERS_TOO_LARGE" },
  ],
];

function destroy(socket: TLSSocket): void {
  const { _parent: inner } = socket as unknown as { readonly _parent?: Socket }; // Node's own name.
  (inner ?? socket).resetAndDestroy();
}

/** Fields of a few bytes, with the status as many as asked for. */
function fieldsOf(count: number): Promise<number> {
  return stream((each) => {
    // Node adds the status and a date.
    const fields = Object.fromEntries(
      Array.from({ length: count - 2 }, (_, n) => [`x-${n.toString(36)}`, "1"]),
    );
    each.respond({ ":status": 200, ...fields }, { endStream: true });
  });
}

for (const [name, start, error] of hostile) {
  test(`http2: a server that ${name}`, async () => {
    const port = await start();
    const begun = performance.now();
    await assert.rejects(request(port), { name: "HostError", ...error });
    assert.ok(performance.now() - begun < LIMIT_MS + 1_500, "ends in time");
  });
}

test("http2: an answer at the limits is taken", async () => {
  const many = await request(await fieldsOf(HTTP2_FIELDS_MAX));
  assert.equal(many.fields.length, HTTP2_FIELDS_MAX - 1);
  const count = Math.floor(HEADER_BYTES_MAX / (VALUE_BYTES + 1));
  const { fields } = await request(await literals(count));
  assert.equal(fields.length, count);
});

test("http2: an endless body and one that drips end in time, with the fields kept", async () => {
  const endless = await stream((each) => {
    each.respond({ ":status": 200, "x-a": "1" });
    const more = () => {
      while (!each.destroyed && each.write(Buffer.alloc(16_384)));
    };
    each.on("drain", more);
    more();
  });
  const long = await request(endless);
  assert.deepEqual([long.content?.cut, long.fields[0]], ["size", ["x-a", "1"]]);
  const drip = await stream((each) => {
    each.respond({ ":status": 200, "x-a": "1" });
    const timer = setInterval(() => each.write("."), 50);
    each.on("close", () => clearInterval(timer));
  });
  const slow = await request(drip, { timeoutMs: 500 });
  assert.deepEqual([slow.content?.cut, slow.fields[0]], ["time", ["x-a", "1"]]);
});

test("http2: an interrupted audit ends it with the reason given", async () => {
  const controller = new AbortController();
  const port = await stream(() => controller.abort());
  await assert.rejects(request(port, { signal: controller.signal }), { code: "interrupted" });
});
