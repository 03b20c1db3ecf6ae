import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { TlsProtocol, TlsScan } from "../../core/tls-scan.ts";
import { createMemoryHost } from "../../host/memory-host.ts";
import type { MemoryAnswer } from "../../host/memory-stream.ts";
import { ALERTS, encodeAlert } from "../../wire/tls/alerts.ts";
import { concat, u16, u24, vector } from "../../wire/tls/byte-writing.ts";
import { decodeCertificate } from "../../wire/tls/certificate.ts";
import {
  type ClientHello,
  decodeClientHello,
  encodeClientHello,
  FALLBACK_SCSV,
  RENEGOTIATION_SCSV,
} from "../../wire/tls/client-hello.ts";
import { greaseValue } from "../../wire/tls/client-offer.ts";
import { EXTENSION_TYPES, encodeExtensions } from "../../wire/tls/extensions.ts";
import { encodeHandshake, HANDSHAKE_TYPES, handshakeReader } from "../../wire/tls/handshake.ts";
import {
  CONTENT_TYPES,
  encodeRecord,
  encodeRecords,
  recordReader,
} from "../../wire/tls/records.ts";
import { scanTls } from "./scan.ts";

/** A real server's chain, out of its captured Certificate message. */
const chain = capturedChain();
const AES_128_CBC_SHA = 0x002f;

function capturedChain(): readonly Uint8Array[] {
  const path = `${import.meta.dirname}/../../wire/tls/fixtures/captures.json`;
  const captures = JSON.parse(readFileSync(path, "utf8")) as Record<string, { bytes: string }>;
  const handshakes = handshakeReader();
  const certificates = recordReader()
    .feed(Buffer.from(captures["tls12-rsa-no-fs"]?.bytes ?? "", "base64"))
    .flatMap((event) => (event.kind === "record" ? handshakes.feed(event.record.fragment) : []))
    .flatMap((event) => (event.kind === "message" ? [event.message] : []))
    .filter(({ type }) => type === HANDSHAKE_TYPES.certificate)
    .map(({ body }) => decodeCertificate(body))
    .flatMap((decoded) => (decoded.ok ? decoded.value.entries : []));
  assert.equal(certificates.length, 2);
  return certificates.map(({ der }) => der);
}

/** What an acted server makes of a hello; SSL 2.0's and everything else is `undefined`. */
type Actor = (hello: ClientHello | undefined) => MemoryAnswer;

async function scanned(act: Actor, greeting: MemoryAnswer = []): Promise<TlsScan> {
  const host = createMemoryHost({
    stream: () => ({ greeting, answer: (received) => act(helloIn(received)) }),
  });
  const target = { host: "192.0.2.1", port: 443, sni: "lab.plimsoll.test" };
  const nowMs = Date.UTC(2026, 10, 22);
  const [scan] = await scanTls(host, target, { signal: new AbortController().signal, nowMs });
  assert.ok(scan);
  return scan;
}

function helloIn(received: Uint8Array): ClientHello | undefined {
  const [event] = recordReader().feed(received);
  if (event?.kind !== "record" || event.record.contentType !== CONTENT_TYPES.handshake) {
    return undefined;
  }
  const decoded = decodeClientHello(event.record.fragment.subarray(4));
  return decoded.ok ? decoded.value : undefined;
}

const alert = (code: number): MemoryAnswer => [
  encodeRecord(CONTENT_TYPES.alert, 0x0301, encodeAlert("fatal", code)),
];

/** A server of RSA key exchange with one suite, TLS 1.0 to 1.2; `certificates` copies of the chain's own. */
function flight(
  hello: ClientHello,
  certificates: readonly Uint8Array[] = chain,
  suite = AES_128_CBC_SHA,
): MemoryAnswer {
  const { suites, extensions = [] } = hello;
  const legacyVersion = Math.min(hello.legacyVersion, 0x0303);
  if (!suites.includes(suite)) return alert(ALERTS.handshakeFailure);
  const knowsRenegotiation =
    suites.includes(RENEGOTIATION_SCSV) ||
    extensions.some(({ type }) => type === EXTENSION_TYPES.renegotiationInfo);
  const answers = { type: EXTENSION_TYPES.renegotiationInfo, data: Uint8Array.of(0) };
  const serverHello = concat(
    u16(legacyVersion),
    new Uint8Array(32).fill(3),
    vector(1),
    u16(suite),
    Uint8Array.of(0),
    knowsRenegotiation ? encodeExtensions([answers]) : new Uint8Array(0),
  );
  const messages = concat(
    encodeHandshake(HANDSHAKE_TYPES.serverHello, serverHello),
    encodeHandshake(
      HANDSHAKE_TYPES.certificate,
      vector(3, ...certificates.map((der) => vector(3, der))),
    ),
    encodeHandshake(HANDSHAKE_TYPES.serverHelloDone, new Uint8Array(0)),
  );
  return [encodeRecords(CONTENT_TYPES.handshake, legacyVersion, messages)];
}

const is13 = (hello: ClientHello): boolean =>
  (hello.extensions ?? []).some(({ type }) => type === EXTENSION_TYPES.supportedVersions);

/** TLS 1.0 to 1.2 and a proper refusal of everything else. */
const ordinary: Actor = (hello) => {
  if (hello === undefined) return ["end"];
  if (hello.legacyVersion < 0x0301) return alert(ALERTS.protocolVersion);
  if (is13(hello)) return alert(ALERTS.protocolVersion);
  return flight(hello);
};

const OLD: readonly TlsProtocol[] = ["TLSv1", "TLSv1.1", "TLSv1.2"];

const VERSION_NOTE = "refuses a hello with a newer version of TLS than there is";

const FALLBACKS: readonly (readonly [string, MemoryAnswer, TlsScan["fallbackScsv"]])[] = [
  ["inappropriate_fallback", alert(ALERTS.inappropriateFallback), "supported"],
  ["another alert", alert(ALERTS.handshakeFailure), "supported"],
  ["a close every time", ["end"], "supported"],
];
for (const [name, answer, expected] of FALLBACKS) {
  test(`a fallback that gets ${name}: ${expected}`, async () => {
    const scan = await scanned((hello) =>
      hello?.suites.includes(FALLBACK_SCSV) === true ? answer : ordinary(hello),
    );
    assert.equal(scan.fallbackScsv, expected);
  });
}

test("a fallback that is welcome is not supported, one without an older version does not apply", async () => {
  assert.equal((await scanned(ordinary)).fallbackScsv, "unsupported");
  const newest: Actor = (hello) =>
    hello?.legacyVersion === 0x0303 ? ordinary(hello) : alert(ALERTS.protocolVersion);
  assert.equal((await scanned(newest)).fallbackScsv, "not-applicable");
});

const SPEAKERS: readonly [
  name: string,
  act: Actor,
  protocols: readonly TlsProtocol[],
  notes: readonly string[],
][] = [
  ["an ordinary old server", ordinary, OLD, []],
  [
    "a server that refuses every extension",
    (hello) => (hello?.extensions === undefined ? ordinary(hello) : alert(ALERTS.decodeError)),
    OLD,
    ["the server answers no hello with extensions"],
  ],
  [
    "a server that closes on every version but its own",
    (hello) => (hello?.legacyVersion === 0x0301 ? ordinary(hello) : ["end"]),
    ["TLSv1"],
    [VERSION_NOTE],
  ],
  [
    "a server that resets on every version but its own",
    (hello) => (hello?.legacyVersion === 0x0302 ? ordinary(hello) : ["reset"]),
    ["TLSv1.1"],
    [VERSION_NOTE],
  ],
];
for (const [name, act, protocols, notes] of SPEAKERS) {
  test(`${name} is seen for what it speaks, and nothing is left open`, async () => {
    const scan = await scanned(act);
    assert.equal(scan.state, "tls");
    assert.deepEqual([scan.protocols, scan.protocolsUnknown], [protocols, []]);
    for (const protocol of protocols) {
      assert.deepEqual(scan.suites[protocol], ["TLS_RSA_WITH_AES_128_CBC_SHA"]);
    }
    assert.equal(scan.secureRenegotiation, true);
    assert.equal(scan.certificates?.[0]?.chain.length, chain.length);
    assert.deepEqual(scan.notes, notes);
  });
}

const endless = (type: number): MemoryAnswer => [
  encodeRecord(CONTENT_TYPES.handshake, 0x0303, concat(Uint8Array.of(type), u24(0xffffff))),
];

const OTHERS: readonly [
  name: string,
  act: Actor,
  state: TlsScan["state"],
  why: RegExp,
  greeting?: MemoryAnswer,
][] = [
  ["a message of 16 MiB", () => endless(2), "unknown", /a handshake message of 16777215 bytes/],
  [
    "a flight that ends within its first message",
    (hello) => (hello ? [encodeRecord(22, 0x0303, Uint8Array.of(2, 0, 1)), "end"] : ["end"]),
    "unknown",
    /ends within a message/,
  ],
  ["HTTP", () => [Buffer.from("HTTP/1.1 400 Bad Request\r\n")], "not-tls", /HTTP/],
  ["SSH", () => [], "not-tls", /SSH/, [Buffer.from("SSH-2.0-OpenSSH_9.2p1\r\n")]],
  ["a close on everything", () => ["end"], "unknown", /closed without an answer/],
];
for (const [name, act, state, why, greeting] of OTHERS) {
  test(`${name} is ${state}`, async () => {
    const scan = await scanned(act, greeting);
    assert.equal(scan.state, state);
    assert.match(scan.why ?? "", why);
    assert.equal(scan.protocols, null);
  });
}

const GREASE_CODES = new Set(Array.from({ length: 16 }, (_, at) => greaseValue(at)));

const TROUBLED: readonly [name: string, refuses: (hello: ClientHello) => boolean, note: string][] =
  [
    [
      "GREASE",
      ({ suites }) => suites.some((code) => GREASE_CODES.has(code)),
      "refuses a hello with values nobody knows (GREASE, RFC 8701)",
    ],
    ["a newer version", ({ legacyVersion }) => legacyVersion > 0x0303, VERSION_NOTE],
    [
      "a long hello",
      (hello) => encodeClientHello(hello).length > 1024,
      "refuses a hello of more than 1,400 bytes, as hybrid key shares make them",
    ],
    [
      "a hello of medium length",
      (hello) => encodeClientHello(hello).length > 255 && encodeClientHello(hello).length < 512,
      "refuses a hello of 256 to 511 bytes",
    ],
  ];
for (const [name, refuses, note] of TROUBLED) {
  test(`a server that refuses ${name} is scanned all the same, and it is said`, async () => {
    const scan = await scanned((hello) =>
      hello !== undefined && refuses(hello) ? alert(ALERTS.handshakeFailure) : ordinary(hello),
    );
    assert.deepEqual(scan.protocols, OLD);
    assert.deepEqual(scan.notes, [note]);
  });
}

test("a chain of 300 certificates is read as far as it goes", async () => {
  const many = Array.from({ length: 300 }, (_, at) => chain[at % chain.length] ?? chain[0]);
  const scan = await scanned((hello) =>
    hello !== undefined && hello.legacyVersion > 0x0300 && !is13(hello)
      ? flight(
          hello,
          many.flatMap((der) => der ?? []),
        )
      : alert(ALERTS.protocolVersion),
  );
  assert.deepEqual(scan.protocols, OLD);
  const [certificate] = scan.certificates ?? [];
  assert.ok(certificate?.problems.includes("extra-certificate"));
});

/** Suites of SRP and of a pre-shared key: numbers of IANA's. */
const SRP_AES_128 = 0xc01d;
const PSK_AES_128 = 0x008c;

test("pre-shared keys are found behind SRP, whose suites stay open for a name the server does not know", async () => {
  const scan = await scanned((hello) => {
    if (hello === undefined) return ["end"];
    if (is13(hello) || hello.legacyVersion !== 0x0303) return alert(ALERTS.protocolVersion);
    const hasName = (hello.extensions ?? []).some(({ type }) => type === EXTENSION_TYPES.srp);
    if (hasName && hello.suites.includes(SRP_AES_128)) return alert(ALERTS.unknownPskIdentity);
    return flight(hello, [], PSK_AES_128);
  });
  assert.deepEqual(scan.suites, { "TLSv1.2": ["TLS_PSK_WITH_AES_128_CBC_SHA"] });
  assert.deepEqual(scan.suitesIncomplete, {
    "TLSv1.2": "SRP is offered, to names the server knows",
  });
});
