import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { TlsVerdict } from "../../src/core/tls-scan.ts";
import { probeAll } from "../../src/facts/tls/probe-all.ts";
import { probeEarlyRecords } from "../../src/facts/tls/probe-ccs.ts";
import { probeLegacySession } from "../../src/facts/tls/probe-legacy-session.ts";
import { probeModernSession } from "../../src/facts/tls/probe-modern-session.ts";
import { probeResumption } from "../../src/facts/tls/probe-resumption.ts";
import { probeRobot } from "../../src/facts/tls/probe-robot.ts";
import type { ProbeTarget } from "../../src/facts/tls/probe-stream.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { concat, u16, vector } from "../../src/wire/tls/byte-writing.ts";
import { encodeHandshake, HANDSHAKE_TYPES } from "../../src/wire/tls/handshake.ts";
import { type Acting, actedServer, type HeartbeatReply } from "./acted-tls.ts";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";

const host = createLocalHost({});
const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-probes-"));
const servers = createServers();
let rsa = { cert: "", key: "" };

before(() => {
  rsa = createAuthority(directory).selfSigned("rsa", [], ["-newkey", "rsa:2048"]);
});
after(() => {
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

function targetAt(port: number, timeoutMs = 1_500): ProbeTarget {
  const open = () => host.openStream("127.0.0.1", port, { timeoutMs: 5_000, signal });
  return { open, serverName: "lab.test", timeoutMs };
}

async function acted(acting: Acting): Promise<ProbeTarget> {
  return targetAt(await servers.listen(actedServer(rsa, acting)));
}

const isPadded = (block: Uint8Array): boolean =>
  block[0] === 0 && block[1] === 2 && block.indexOf(0, 2) > 2;
const GCM = 0x009c;

test("an acted server that does everything right is called nothing", async () => {
  for (const suite of [0x002f, 0x0035, 0x003d, GCM]) {
    const target = await acted({ suite });
    const plan = { hasTls13: false, legacy: "TLSv1.2", hasStaticRsa: undefined } as const;
    const report = await probeAll(target, plan);
    assert.equal(report.legacy?.state, "finished", report.legacy?.because);
    assert.deepEqual(
      {
        heartbleed: report.earlyRecords?.heartbleed.verdict,
        ccs: report.earlyRecords?.ccsInjection.verdict,
        robot: report.robot.verdict,
        ticketbleed: report.resumption?.ticketbleed.verdict,
        clientRenegotiation: report.legacy?.clientRenegotiation,
      },
      {
        heartbleed: "not-vulnerable",
        ccs: "not-vulnerable",
        robot: "not-vulnerable",
        ticketbleed: "not-vulnerable",
        clientRenegotiation: "refused",
      },
    );
  }
});

const leak = ({ claimed }: { readonly claimed: number }): Uint8Array =>
  Uint8Array.of(2, claimed >> 8, claimed, ...new Uint8Array(claimed).fill(7));
/** The first time in all, what is said; then what is said after it. */
function once<T>(first: T, then: T): () => T {
  let isFirst = true;
  return () => {
    const said = isFirst ? first : then;
    isFirst = false;
    return said;
  };
}
const HEARTBEATS: readonly (readonly [string, Acting["heartbeats"], TlsVerdict])[] = [
  ["leak", (request) => [leak(request)], "vulnerable"],
  [
    "leak only after Finished",
    (asked) => (asked.isFinished ? [leak(asked)] : "nothing"),
    "vulnerable",
  ],
  [
    "are refused before Finished, leak after",
    (asked) => (asked.isFinished ? [leak(asked)] : 10),
    "vulnerable",
  ],
  [
    "leak in split records",
    (request) => [leak(request).subarray(0, 3), leak(request).subarray(3)],
    "vulnerable",
  ],
  [
    "leak in records of one byte",
    (request) => [...leak(request)].map((byte) => Uint8Array.of(byte)),
    "vulnerable",
  ],
  ["are dropped", () => "nothing", "not-vulnerable"],
  [
    "are answered with padding alone",
    () => [Uint8Array.of(2, 0, 0, ...new Uint8Array(16))],
    "not-vulnerable",
  ],
  [
    "are answered with one of the server's own",
    () => [Uint8Array.of(1, 0, 20, ...new Uint8Array(36))],
    "not-vulnerable",
  ],
  ["get an alert", () => 10, "not-vulnerable"],
  ["get silence for good", () => "silence", "unknown"],
  ["get a close every time", () => "close", "not-vulnerable"],
  [
    "get a close once, then are dropped",
    once<HeartbeatReply>("close", "nothing"),
    "not-vulnerable",
  ],
  ["get a close once, then silence", once<HeartbeatReply>("close", "silence"), "unknown"],
  ["are not taken", undefined, "not-vulnerable"],
];
for (const [name, heartbeats, expected] of HEARTBEATS) {
  test(`heartbeats ${name}: ${expected}`, async () => {
    const target = await acted(heartbeats === undefined ? {} : { heartbeats });
    const { heartbleed, ccsInjection } = await probeEarlyRecords(target, "TLSv1.2");
    assert.equal(heartbleed.verdict, expected, heartbleed.because);
    assert.equal(ccsInjection.verdict, "not-vulnerable", ccsInjection.because);
  });
}

test("heartbeats that could not be asked for after Finished leave Heartbleed open", async () => {
  const target = await acted({
    heartbeats: () => "nothing",
    onFinished: () => 40,
    onBlock: () => 40,
  });
  const { heartbleed } = await probeEarlyRecords(target, "TLSv1.2");
  assert.equal(heartbleed.verdict, "unknown", heartbleed.because);
});

test("a server that hangs up on everybody has refused nothing by it", async () => {
  const server = actedServer(rsa, {
    heartbeats: () => "nothing",
    earlyCcs: () => "nothing",
    onSecondHello: "ignore",
  });
  // As long as a client takes to say something, less than it waits for an answer.
  server.prependListener("connection", (socket) => setTimeout(() => socket.end(), 60));
  const target = targetAt(await servers.listen(server));
  const { heartbleed, ccsInjection } = await probeEarlyRecords(target, "TLSv1.2");
  assert.deepEqual([heartbleed.verdict, ccsInjection.verdict], ["unknown", "unknown"]);
  const legacy = await probeLegacySession(target, "TLSv1.2");
  assert.equal(legacy.clientRenegotiation, "unknown");
});

const secondIs =
  (code: number | "nothing" | "close") =>
  (nth: number): number | "nothing" | "close" =>
    nth === 1 ? "nothing" : code;
const EARLY: readonly (readonly [string, Acting, TlsVerdict])[] = [
  ["refused at the first with 10", { earlyCcs: () => 10 }, "not-vulnerable"],
  ["refused at the first with 20", { earlyCcs: () => 20 }, "not-vulnerable"],
  ["closed at the first", { earlyCcs: () => "close" }, "not-vulnerable"],
  ["swallowed, then 21 over CBC", { earlyCcs: secondIs(21) }, "vulnerable"],
  ["swallowed, then 20 over GCM", { suite: GCM, earlyCcs: secondIs(20) }, "vulnerable"],
  ["swallowed, then 20 over CBC", { earlyCcs: secondIs(20) }, "unknown"],
  ["refused late with 10", { earlyCcs: secondIs(10) }, "not-vulnerable"],
  ["swallowed, then closed", { earlyCcs: secondIs("close") }, "unknown"],
  [
    "closed at the first once, then refused",
    { earlyCcs: once<number | "close">("close", 10) },
    "not-vulnerable",
  ],
  [
    "closed at the first once, then ignored",
    { earlyCcs: once<"nothing" | "close">("close", "nothing") },
    "unknown",
  ],
  ["never answered", { earlyCcs: () => "nothing" }, "unknown"],
];
for (const [name, acting, expected] of EARLY) {
  test(`an early ChangeCipherSpec, ${name}: ${expected}`, async () => {
    const { ccsInjection } = await probeEarlyRecords(await acted(acting), "TLSv1.2");
    assert.equal(ccsInjection.verdict, expected, ccsInjection.because);
  });
}

test("a swallowed ChangeCipherSpec that does not happen again is not believed", async () => {
  let connections = 0;
  const earlyCcs = (nth: number) => {
    if (nth === 1) connections += 1;
    return connections === 1 ? secondIs(21)(nth) : 10;
  };
  const { ccsInjection } = await probeEarlyRecords(await acted({ earlyCcs }), "TLSv1.2");
  assert.equal(ccsInjection.verdict, "unknown");
});

let turn = 0;
const nextOf = (codes: readonly number[]): number => {
  turn += 1;
  return codes[turn % codes.length] ?? 20;
};
/** As `nextOf`, each so many times. */
function runsOf<T>(...runs: readonly (readonly [T, number])[]): () => T {
  const said = runs.flatMap(([value, times]) => Array<T>(times).fill(value));
  const last = runs.at(-1)?.[0];
  return () => said.shift() ?? last ?? assert.fail("no runs");
}
const hasRightVersion = (block: Uint8Array): boolean => block.at(-48) === 3 && block.at(-47) === 3;
const ORACLES: readonly (readonly [string, Acting, TlsVerdict])[] = [
  ["an alert of its own at once", { onBlock: (b) => (isPadded(b) ? "nothing" : 51) }, "vulnerable"],
  ["the same alert, but at once", { onBlock: (b) => (isPadded(b) ? "nothing" : 20) }, "vulnerable"],
  [
    "silence, which is no answer",
    { onBlock: (b) => (isPadded(b) ? "nothing" : "silence") },
    "unknown",
  ],
  ["refused whatever it is", { onBlock: () => 40 }, "unknown"],
  ["closed on whatever it is", { onBlock: () => "close" }, "unknown"],
  ["another alert, all at once", { onBlock: (b) => (isPadded(b) ? 40 : 51) }, "vulnerable"],
  [
    "a close instead of an alert",
    { onBlock: (b) => (isPadded(b) ? "nothing" : "close") },
    "vulnerable",
  ],
  [
    "an alert of its own for the wrong version alone",
    { onBlock: (b) => (isPadded(b) && !hasRightVersion(b) ? 47 : "nothing") },
    "vulnerable",
  ],
  ["one close alike after Finished", { onFinished: () => "close" }, "not-vulnerable"],
  [
    "one close alike, but once",
    { onFinished: runsOf<number | "close">(["close", 5], [20, 1]) },
    "unknown",
  ],
  [
    "no answer in time once, then the same",
    { onBlock: runsOf<"silence" | "nothing">(["silence", 1], ["nothing", 1]) },
    "not-vulnerable",
  ],
  ["alerts that come and go", { onFinished: () => nextOf([20, 51, 40]) }, "unknown"],
  [
    "one answer, beside a client certificate asked for",
    { clientCertificate: "requested" },
    "not-vulnerable",
  ],
  [
    "an alert of its own, beside a client certificate asked for",
    { clientCertificate: "requested", onBlock: (b) => (isPadded(b) ? "nothing" : 51) },
    "vulnerable",
  ],
  [
    "nothing, as no certificate came before them",
    { clientCertificate: "required", onBlock: (b) => (isPadded(b) ? "nothing" : 51) },
    "unknown",
  ],
];
for (const [name, acting, expected] of ORACLES) {
  test(`wrong paddings get ${name}: ${expected}`, async () => {
    const judgement = await probeRobot(await acted(acting), "TLSv1.2");
    assert.equal(judgement.verdict, expected, judgement.because);
  });
}

test("a session id that comes back longer is a leak, with or without a ticket in hand", async () => {
  for (const acting of [{ bleedsIds: () => true, offersTicket: true }, { bleedsIds: () => true }]) {
    const target = await acted({ ...acting, onFinished: () => 20 });
    const legacy = { ...(await probeLegacySession(target, "TLSv1.2")), state: "unknown" as const };
    const { ticketbleed } = await probeResumption(target, "TLSv1.2", legacy);
    assert.equal(ticketbleed.verdict, "vulnerable");
    assert.doesNotMatch(ticketbleed.because, /[0-9a-f]{8}/);
  }
});

/** Valid for an hour. */
const TICKET = encodeHandshake(
  HANDSHAKE_TYPES.newSessionTicket,
  concat(u16(0), u16(3600), vector(2, new Uint8Array(160).fill(9))),
);
const TICKETS: readonly (readonly [string, Acting, TlsVerdict])[] = [
  [
    "leaks with a ticket of its own",
    { offersTicket: true, beforeFinished: [TICKET], bleedsIds: () => true },
    "vulnerable",
  ],
  [
    "leaks nothing with a ticket of its own",
    { offersTicket: true, beforeFinished: [TICKET] },
    "not-vulnerable",
  ],
  ["has no tickets", {}, "not-vulnerable"],
];
for (const [name, acting, expected] of TICKETS) {
  test(`Ticketbleed of a server that ${name}: ${expected}`, async () => {
    const target = await acted(acting);
    const legacy = await probeLegacySession(target, "TLSv1.2");
    assert.equal(legacy.resumable !== undefined, acting.offersTicket === true);
    const { ticketbleed } = await probeResumption(target, "TLSv1.2", legacy);
    assert.equal(ticketbleed.verdict, expected, ticketbleed.because);
  });
}

test("a leak of ids that does not happen again is not believed", async () => {
  let isFirst = true;
  const bleedsIds = () => {
    const bleeds = isFirst;
    isFirst = false;
    return bleeds;
  };
  const target = await acted({ offersTicket: true, bleedsIds });
  const legacy = await probeLegacySession(await acted({ onBlock: () => 20 }), "TLSv1.2");
  assert.equal((await probeResumption(target, "TLSv1.2", legacy)).ticketbleed.verdict, "unknown");
});

test("tickets that could not be had leave Ticketbleed open", async () => {
  const target = await acted({ offersTicket: true });
  const legacy = { ...(await probeLegacySession(target, "TLSv1.2")), state: "unknown" as const };
  assert.equal((await probeResumption(target, "TLSv1.2", legacy)).ticketbleed.verdict, "unknown");
});

const SECOND_HELLOS: readonly (readonly [
  Acting["onSecondHello"],
  "accepted" | "refused",
  TlsVerdict,
])[] = [
  ["server-hello", "accepted", "vulnerable"],
  ["ignore", "refused", "not-vulnerable"],
  ["close", "refused", "not-vulnerable"],
  [100, "refused", "not-vulnerable"],
  [40, "refused", "not-vulnerable"],
];
for (const [onSecondHello, answer, insecure] of SECOND_HELLOS) {
  test(`a second hello gets ${onSecondHello}: ${answer}, without RFC 5746 ${insecure}`, async () => {
    const second = onSecondHello === undefined ? {} : { onSecondHello };
    const bare = await probeLegacySession(
      await acted({ bindsRenegotiation: false, ...second }),
      "TLSv1.2",
    );
    assert.deepEqual(
      [bare.secureRenegotiation, bare.clientRenegotiation, bare.insecureRenegotiation.verdict],
      [false, answer, insecure],
    );
    const bound = await probeLegacySession(await acted(second), "TLSv1.2");
    assert.deepEqual(
      [bound.secureRenegotiation, bound.clientRenegotiation, bound.insecureRenegotiation.verdict],
      [true, answer, "not-vulnerable"],
    );
  });
}

test("a close on a second hello that does not come again is not its answer", async () => {
  const answer = runsOf<"close" | "server-hello">(["close", 1], ["server-hello", 1]);
  const target = await acted({
    bindsRenegotiation: false,
    get onSecondHello() {
      return answer();
    },
  });
  const legacy = await probeLegacySession(target, "TLSv1.2");
  assert.deepEqual(
    [legacy.clientRenegotiation, legacy.insecureRenegotiation.verdict],
    ["accepted", "vulnerable"],
  );
});

test("a connection cut before its first byte is opened again", async () => {
  let cut = 2;
  const server = actedServer(rsa, {});
  server.prependListener("connection", (socket) => {
    if (cut > 0) socket.resetAndDestroy();
    cut -= 1;
  });
  const probe = await probeLegacySession(targetAt(await servers.listen(server)), "TLSv1.2");
  assert.equal(probe.state, "finished", probe.because);
});

const USELESS: readonly (readonly [string, (write: (bytes: string) => void) => void])[] = [
  ["nothing", () => undefined],
  ["an SSH banner", (write) => write("SSH-2.0-OpenSSH_9.2p1\r\n")],
  ["a record without end", (write) => write("\x16\x03\x03\xff\xff")],
  ["half a record", (write) => write("\x16\x03\x03\x00\x40\x02")],
];
for (const [name, act] of USELESS) {
  test(`a server that says ${name} is unknown in every respect`, async () => {
    const server = createServer((socket) => act((bytes) => socket.write(bytes, "latin1")));
    const target = targetAt(await servers.listen(server), 200);
    const plan = { hasTls13: true, legacy: "TLSv1.2", hasStaticRsa: undefined } as const;
    const report = await probeAll(target, plan);
    assert.deepEqual(
      {
        modern: report.modern?.state,
        families: report.certificates.map(({ state }) => state),
        legacy: report.legacy?.state,
        clientCertificate: report.legacy?.clientCertificate,
        tickets: report.legacy?.tickets.isOffered,
        ticketbleed: report.resumption?.ticketbleed.verdict,
        heartbleed: report.earlyRecords?.heartbleed.verdict,
        ccs: report.earlyRecords?.ccsInjection.verdict,
        robot: report.robot.verdict,
      },
      {
        modern: "unknown",
        families: ["unknown", "unknown", "unknown"],
        legacy: "unknown",
        clientCertificate: "unknown",
        tickets: null,
        ticketbleed: "unknown",
        heartbleed: "unknown",
        ccs: "unknown",
        robot: "unknown",
      },
    );
  });
}

test("a closed port is unknown and says why", async () => {
  const probe = await probeModernSession(targetAt(await servers.closedPort()));
  assert.equal(probe.state, "unknown");
  assert.match(probe.because, /refused/);
});
