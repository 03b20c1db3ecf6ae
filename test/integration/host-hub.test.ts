import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { known } from "../../src/core/reading.ts";
import { hubConnection } from "../../src/facts/hub-connection.fact.ts";
import { readHubUrl } from "../../src/facts/hub-url.fact.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";

const { signal } = new AbortController();
const servers = createServers();
const { listen, closedPort } = servers;
const host = createLocalHost();
let directory = "";
let authority: ReturnType<typeof createAuthority>;

before(() => {
  directory = mkdtempSync(join(tmpdir(), "plimsoll-hub-"));
  authority = createAuthority(directory);
});
after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

function startProxy(seen: string[], answer?: string): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.once("data", (chunk) => {
        const text = chunk.toString("latin1");
        seen.push(text);
        if (answer !== undefined) {
          socket.end(answer);
          return;
        }
        const [, port] = /^CONNECT [^ ]+:(\d+) /.exec(text) ?? [];
        const upstream = connect(Number(port), "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 Connection established\r\nX-A: b\r\n\r\n");
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
      });
    }),
  );
}

test("through a proxy: CONNECT with name and port, TLS inside, refusals told by status", async () => {
  const tls = createHttpsServer(authority.issue("proxied", { names: "DNS:hub.test" }));
  const port = await listen(tls);
  const seen: string[] = [];
  const proxy = { host: "127.0.0.1", port: await startProxy(seen), authorization: "Basic eA==" };
  const trusting = createLocalHost({ caFile: authority.caFile });
  const options = { timeoutMs: 3_000, signal, proxy };
  await trusting.connect("hub.test", port, options);
  assert.equal(
    seen[0],
    `CONNECT hub.test:${port} HTTP/1.1\r\nHost: hub.test:${port}\r\nProxy-Authorization: Basic eA==\r\n\r\n`,
  );
  assert.equal((await trusting.handshake("hub.test", port, options)).verified, true);
  await assert.rejects(trusting.connect("hub.test", await closedPort(), options), {
    reason: "PROXY_502",
  });
  for (const [answer, code, reason] of [
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "unreachable", "PROXY_407"],
    ["SSH-2.0-x\r\n\r\n", "malformed", undefined],
    ["x".repeat(20_000), "malformed", undefined],
    ["", "unreachable", "ECONNRESET"],
  ] as const) {
    const odd = { host: "127.0.0.1", port: await startProxy([], answer) };
    const asked = host.connect("hub.test", 1, { timeoutMs: 3_000, signal, proxy: odd });
    await assert.rejects(asked, { code, reason });
  }
});

test("the hub: 404 is reachable, a broken certificate too, silence is open, a closed port is not", async () => {
  const notFound = await listen(
    createHttpServer((_request, response) => response.writeHead(404).end()),
  );
  const broken = await listen(createHttpsServer(authority.selfSigned("broken", [])));
  const silent = await listen(createServer(() => undefined));
  const of = async (url: string) => {
    const context = {
      host,
      target: { directory: "/", urls: [], mode: "auto", compat: false, hostFacts: true } as const,
      nowMs: 0,
      fingerprintKey: "k",
      signal,
    };
    const hub = known({ ...readHubUrl(url), isThisNode: false, file: ".env", layer: "dotenv" });
    const values = known({
      assignments: [],
      unreadable: [],
      isProcessSeen: false,
      files: [],
      samples: [],
      published: [],
    });
    const reading = await hubConnection.collect(
      context,
      {},
      { hubUrl: hub, environmentValues: values },
    );
    assert.equal(reading.state, "known");
    return reading.value.error ?? reading.value.isOpen;
  };
  assert.equal(await of(`http://127.0.0.1:${notFound}/`), true);
  assert.equal(await of(`https://127.0.0.1:${broken}/`), true);
  assert.equal(await of(`https://localhost:${silent}/`), true);
  assert.equal(await of(`https://127.0.0.1:${await closedPort()}/`), "ECONNREFUSED");
});
