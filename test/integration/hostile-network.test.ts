import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import { SOUND_ENV } from "./hostile-deployments.ts";
import { controlOf, createScratch, type Ended, plimsoll, type ReportJson } from "./plimsoll.ts";

const scratch = createScratch();
const servers = createServers();
after(() => {
  servers.close();
  scratch.remove();
});
scratch.write("sound/.env", SOUND_ENV);
const sound = join(scratch.directory, "sound");

type Peer = (socket: Socket) => void;

/** Sends `head` when asked, and then `chunk` for as long as anybody reads. */
const flood =
  (head: string, chunk: string | Buffer): Peer =>
  (socket) => {
    const go = (): void => {
      let isRoom = true;
      while (isRoom && !socket.destroyed) isRoom = socket.write(chunk);
      socket.once("drain", go);
    };
    socket.once("data", () => {
      socket.write(head);
      go();
    });
  };
const say =
  (text: string): Peer =>
  (socket) =>
    void socket.once("data", () => socket.end(text));
const drip =
  (head: string, drop: string): Peer =>
  (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(drop), 20);
    socket.once("close", () => clearInterval(timer));
  };
const silent: Peer = () => undefined;

const OK = "HTTP/1.1 200 OK\r\n";
const BODY = Buffer.alloc(65_536, "a");
const LONG_FIELD = `X-A: ${"a".repeat(4_000)}\r\n`;
const ESCAPES = "\u001b]0;owned\u0007\u202e";

/** What no answer of a peer may make the program need. */
const MEMORY_MAX_KB = 400_000;
const TIME_MAX_MS = 15_000;

/** Audits, watching the memory. */
async function audit(...args: readonly string[]): Promise<ReportJson & Ended> {
  let peakKb = 0;
  let watch: NodeJS.Timeout | undefined;
  const started = performance.now();
  const ended = await plimsoll(["audit", ...args, "--no-host", "--format", "json"], {
    onStart: ({ pid }) => {
      watch = setInterval(() => {
        peakKb = Math.max(peakKb, peakOf(pid));
      }, 20);
    },
  });
  clearInterval(watch);
  assert.ok(performance.now() - started < TIME_MAX_MS);
  assert.ok(peakKb < MEMORY_MAX_KB, `${peakKb} kB`);
  assert.equal(ended.stderr, "");
  const report = JSON.parse(ended.stdout) as ReportJson;
  assert.equal(controlOf(report, "env.stage").status, "pass");
  return { ...report, ...ended };
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // It has ended.
  }
}

const LIVE: readonly (readonly [name: string, peer: Peer, status: string, says: RegExp])[] = [
  ["drips bytes that are no HTTP", drip("", "H"), "unknown", /not valid HTTP/],
  ["never ends its body", flood(`${OK}\r\n`, BODY), "pass", /no debug trace/],
  ["sends 1 GB", flood(`${OK}Content-Length: 1073741824\r\n\r\n`, BODY), "pass", /no debug trace/],
  ["sends header fields without end", flood(OK, LONG_FIELD), "unknown", /HPE_HEADER_OVERFLOW/],
  ["sends one field without end", flood(`${OK}X-A: `, BODY), "unknown", /HPE_HEADER_OVERFLOW/],
  ["sends bytes", say("\0\u0001\u00ff\r\n\r\n"), "unknown", /not valid HTTP/],
  ["has a status of six digits", say("HTTP/1.1 999999 X\r\n\r\n"), "unknown", /not valid HTTP/],
  [
    "sends a broken chunk",
    say(`${OK}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n`),
    "unknown",
    /HPE_INVALID_CHUNK_SIZE/,
  ],
  [
    "has two lengths",
    say(`${OK}Content-Length: 5\r\nContent-Length: 9\r\n\r\nhelloworld`),
    "unknown",
    /not valid HTTP/,
  ],
  ["hangs up", say(""), "unknown", /connection reset/],
  ["resets", (socket) => void socket.resetAndDestroy(), "unknown", /connection reset/],
  ["sends escapes", say(`${OK}X-A: ${ESCAPES}\r\n\r\n${ESCAPES}`), "unknown", /not valid HTTP/],
  [
    "redirects to itself",
    say("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "skip",
    /leads elsewhere/,
  ],
  [
    "redirects to the cloud's metadata",
    say("HTTP/1.1 302 X\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"),
    "skip",
    /leads elsewhere/,
  ],
  [
    "changes the protocol",
    say("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nxx"),
    "skip",
    /leads elsewhere/,
  ],
];

for (const [name, peer, status, says] of LIVE) {
  test(`a live target that ${name}: its layer is ${status}`, async () => {
    const port = await servers.listen(createServer(peer));
    const report = await audit(sound, "--url", `http://127.0.0.1:${port}/`);
    // What such an answer lacks of headers may fail; the deployment behind it is sound.
    const failed = report.controls.filter((one) => one.status === "fail").map(({ id }) => id);
    const isOutside = /^(?:csp|grade|headers|hsts|probe|respond|session|sri|tls)\./;
    assert.deepEqual(
      failed.filter((id) => !isOutside.test(id)),
      [],
    );
    assert.ok([0, 1, 2].includes(report.exit ?? -1), `exit ${report.exit}`);
    const { layers } = controlOf(report, "env.debug") as unknown as {
      layers: readonly { layer: string; status: string; summary: string }[];
    };
    const live = layers.find(({ layer }) => layer === "live");
    assert.equal(live?.status, status);
    assert.match(live?.summary ?? "", says);
  });
}

test("a live target that drips its answer is given up when the time is over", async () => {
  for (const peer of [silent, drip("HTTP/1.1 404 X\r\nContent-Length: 99999\r\n\r\n", "a")]) {
    const port = await servers.listen(createServer(peer));
    const url = `http://127.0.0.1:${port}/`;
    const report = await audit(sound, "--url", url, "--timeout", "1.5");
    assert.equal(report.exit, 3);
    assert.equal(controlOf(report, "hosts.live").because, "timed-out");
  }
});

function agentOf(name: string, port: number): string {
  const secret = "fixture-7f3d9a1c5e8b2d4f6a0c9e7b31";
  const hub = `HUB_URL=https://127.0.0.1:${port}\nWEBHOOK_SECRET_CLUSTER=${secret}\n`;
  return join(scratch.write(`${name}/.env`, SOUND_ENV + hub), "..");
}

/** TLS records (RFC 8446 section 5.1): handshake, alert, an oversized one. */
const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.of(type, 3, 3, content.length >> 8, content.length & 255), content]);
const HUBS: readonly (readonly [name: string, peer: Peer, because: string])[] = [
  ["speaks plain HTTP", say(`${OK}Content-Length: 2\r\n\r\nno`), "malformed"],
  ["drips bytes", drip("", "H"), "malformed"],
  ["sends 64 MB of header fields", flood(OK, LONG_FIELD), "malformed"],
  ["sends TLS records of nonsense", flood("", record(22, Buffer.alloc(16_000, 7))), "malformed"],
  ["sends an alert", (socket) => void socket.write(record(21, Buffer.of(2, 40))), "unreachable"],
  ["hangs up", say(""), "unreachable"],
];
for (const [name, peer, because] of HUBS) {
  test(`a hub that ${name}: its certificate is not known`, async () => {
    const port = await servers.listen(createServer(peer));
    const report = await audit(agentOf(`hub ${name}`, port));
    assert.equal(report.exit, 1);
    const found = controlOf(report, "agent.hub-certificate");
    assert.deepEqual([found.status, found.because], ["unknown", because], found.summary);
    assert.equal(controlOf(report, "agent.hub-reachable").status, "pass");
  });
}

test("a hub that drips its handshake is given up when the time is over", async () => {
  // The head of a record of 16,000 bytes, which then come one by one.
  const port = await servers.listen(createServer(drip("\u0016\u0003\u0003\u003e\u007f", "\u0002")));
  const report = await audit(agentOf("slow", port), "--timeout", "1.5");
  assert.equal(report.exit, 3);
  assert.equal(controlOf(report, "agent.hub-certificate").status, "unknown");
});

test("a hub whose certificate is all escapes shows none of them", async () => {
  const authority = createAuthority(scratch.directory);
  const { cert, key } = authority.selfSigned("escapes", [
    "-utf8",
    "-subj",
    `/CN=a${ESCAPES}b`,
    "-addext",
    "subjectAltName=DNS:x.test",
  ]);
  const port = await servers.listen(createTlsServer({ cert, key }));
  const { exit, stdout } = await plimsoll(["audit", agentOf("escapes", port), "--no-host", "-v"]);
  assert.ok(exit === 1 || exit === 2, `exit ${exit}`);
  assert.match(stdout, /agent\.hub-certificate/);
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});
