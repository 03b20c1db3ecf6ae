import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { probeAll } from "../../src/facts/tls/probe-all.ts";
import { probeEarlyRecords } from "../../src/facts/tls/probe-ccs.ts";
import { probeLegacySession } from "../../src/facts/tls/probe-legacy-session.ts";
import {
  probeModernCertificates,
  probeModernSession,
} from "../../src/facts/tls/probe-modern-session.ts";
import { probeResumption } from "../../src/facts/tls/probe-resumption.ts";
import { probeRobot } from "../../src/facts/tls/probe-robot.ts";
import { converse, type ProbeTarget } from "../../src/facts/tls/probe-stream.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { groupByCode, groupByName } from "../../src/wire/tls/groups.ts";
import { suiteByCode } from "../../src/wire/tls/suites.ts";
import { GROUP } from "../../src/wire/tls-session/key-shares.ts";
import { legacyHandshake } from "../../src/wire/tls-session/legacy-handshake.ts";
import { modernHandshake } from "../../src/wire/tls-session/modern-handshake.ts";
import {
  type LegacyProtocol,
  legacyOffer,
  modernOffer,
} from "../../src/wire/tls-session/offers.ts";
import { LEGACY_SUITES, MODERN_SUITES } from "../../src/wire/tls-session/suite-parameters.ts";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import { createOpensslServers } from "./openssl-server.ts";

const host = createLocalHost({});
const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-session-"));
const openssl = createOpensslServers(directory);
const servers = createServers();
const RSA = ["-cert", "rsa.pem", "-key", "rsa.key"];
const EC = ["-dcert", "ec.pem", "-dkey", "ec.key"];
const OLDEST = ["-min_protocol", "TLSv1"];
const ALL = ["-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"];
const FLAGS: Readonly<Record<LegacyProtocol, string>> = {
  TLSv1: "-tls1",
  "TLSv1.1": "-tls1_1",
  "TLSv1.2": "-tls1_2",
};
let rsa: { readonly cert: string; readonly key: string };
let everything = 0;

before(async () => {
  const authority = createAuthority(directory);
  rsa = authority.selfSigned("rsa", [], ["-newkey", "rsa:2048"]);
  authority.selfSigned("ec", []);
  authority.selfSigned("ed", [], ["-newkey", "ed25519"]);
  everything = await openssl.start(...RSA, ...EC, ...OLDEST, ...ALL);
});
after(() => {
  openssl.close();
  servers.close();
  rmSync(directory, { recursive: true, force: true });
});

function targetAt(port: number): ProbeTarget {
  const open = () => host.openStream("127.0.0.1", port, { timeoutMs: 5_000, signal });
  return { open, serverName: "lab.test", timeoutMs: 5_000 };
}

async function nodeServer(options: TlsOptions): Promise<ProbeTarget> {
  const server = createTlsServer({ ...rsa, ...options });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  return targetAt(await servers.listen(server));
}

/** Codes of the suites this openssl has for the protocol and this program can speak. */
function spokenSuites(protocol: LegacyProtocol): readonly number[] {
  const args = ["ciphers", "-V", "-s", FLAGS[protocol], "ALL:COMPLEMENTOFALL:@SECLEVEL=0"];
  const listed = execFileSync("openssl", args, { encoding: "utf8" });
  return [...listed.matchAll(/0x([0-9A-F]{2}),0x([0-9A-F]{2})/g)]
    .map(([, high = "", low = ""]) => Number.parseInt(high + low, 16))
    .filter((code) => LEGACY_SUITES.has(code) && suiteByCode(code)?.authentication !== "DSS");
}

for (const [protocol, suitesMin] of [
  ["TLSv1", 10],
  ["TLSv1.1", 10],
  ["TLSv1.2", 40],
] as const) {
  test(`a handshake of ${protocol} is finished with every suite openssl and we share`, async () => {
    const codes = spokenSuites(protocol);
    assert.ok(codes.length >= suitesMin, `${codes.length} suites`);
    for (const code of codes) {
      const offer = legacyOffer(protocol, { suites: [code], serverName: "lab.test" });
      const conversed = await converse(targetAt(everything), () => legacyHandshake(offer));
      assert.ok(conversed.kind === "spoken");
      const outcome = conversed.value;
      assert.equal(outcome.kind, "finished", `${suiteByCode(code)?.name}: ${told(outcome)}`);
      assert.ok(outcome.kind === "finished");
      assert.equal(outcome.session.hello.suite, code);
      const isAnonymous = suiteByCode(code)?.authentication === "anon";
      assert.equal(outcome.session.flight.chain.length > 0, !isAnonymous);
    }
  });
}

function told(outcome: unknown): string {
  return JSON.stringify(outcome, (key, value) => (key === "connection" ? undefined : value));
}

test("a handshake is finished without extended master secret as well", async () => {
  const offer = legacyOffer("TLSv1.2", { extendedMasterSecret: false });
  const conversed = await converse(targetAt(everything), () => legacyHandshake(offer));
  assert.ok(conversed.kind === "spoken" && conversed.value.kind === "finished");
  assert.equal(conversed.value.session.hello.extendedMasterSecret, false);
});

for (const code of MODERN_SUITES.keys()) {
  test(`a handshake of TLS 1.3 is finished with suite ${code.toString(16)}`, async () => {
    const names =
      "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";
    const port = await openssl.start(...RSA, "-ciphersuites", names, ...ALL);
    const offer = () => modernOffer(undefined, { suites: [code] });
    const conversed = await converse(targetAt(port), () => modernHandshake(offer()));
    assert.ok(conversed.kind === "spoken" && conversed.value.kind === "finished", told(conversed));
    assert.equal(conversed.value.session.hello.suite, code);
    assert.equal(conversed.value.session.wasRetried, false);
  });
}

const HYBRIDS_AND_KEMS = [
  "X25519MLKEM768",
  "SecP256r1MLKEM768",
  "SecP384r1MLKEM1024",
  "MLKEM512",
  "MLKEM768",
  "MLKEM1024",
  "brainpoolP256r1tls13",
];

for (const [curve, group] of [
  ["P-384", GROUP.secp384r1],
  ["P-521", GROUP.secp521r1],
  ["X448", GROUP.x448],
  ["ffdhe2048", groupByName("ffdhe2048")?.code],
  ["ffdhe8192", groupByName("ffdhe8192")?.code],
] as const) {
  test(`a server that wants ${curve} alone gets it in TLS 1.3, by a second hello`, async () => {
    const target = targetAt(await openssl.start(...RSA, "-curves", curve));
    const modern = await converse(target, () => modernHandshake(modernOffer(undefined)));
    assert.ok(modern.kind === "spoken" && modern.value.kind === "finished", told(modern));
    assert.equal(modern.value.session.wasRetried, true);
    assert.equal(modern.value.session.hello.group, group);
  });
}

for (const curve of ["P-384", "P-521", "X448", "brainpoolP512r1", "secp256k1", "P-192"]) {
  test(`a server that wants ${curve} alone gets it in TLS 1.2`, async () => {
    const args = ["-curves", curve, "-tls1_2", "-cipher", "ECDHE:@SECLEVEL=0"];
    const target = targetAt(await openssl.start(...RSA, ...args));
    const legacy = await converse(target, () => legacyHandshake(legacyOffer("TLSv1.2")));
    assert.ok(legacy.kind === "spoken" && legacy.value.kind === "finished", told(legacy));
  });
}

for (const name of HYBRIDS_AND_KEMS) {
  test(`a server that wants ${name} alone gets it`, async () => {
    const target = await nodeServer({ ecdhCurve: name });
    const { state, because, shown } = await probeModernSession(target);
    assert.equal(state, "finished", because);
    assert.equal(groupByCode(shown.group ?? 0)?.name.toLowerCase(), name.toLowerCase());
    assert.equal(new X509Certificate(shown.chain[0] ?? "").subject, "CN=rsa");
  });
}

test("each kind of key is shown its certificate, and the missing one is refused", async () => {
  const families = await probeModernCertificates(targetAt(everything));
  const seen = families.map(({ family, state, shown }) => [
    family,
    state,
    shown.chain.map((der) => new X509Certificate(der).subject),
  ]);
  assert.deepEqual(seen, [
    ["RSA", "shown", ["CN=rsa"]],
    ["ECDSA", "shown", ["CN=ec"]],
    ["EdDSA", "refused", []],
  ]);
  const port = await openssl.start("-cert", "ed.pem", "-key", "ed.key");
  const [eddsa] = await probeModernCertificates(targetAt(port), ["EdDSA"]);
  assert.equal(eddsa?.shown.scheme, 0x0807);
});

test("tickets of TLS 1.3 with their lifetime, and the bytes of early data they allow", async () => {
  const plain = await probeModernSession(targetAt(everything));
  assert.deepEqual(
    [plain.tickets, plain.earlyData],
    [{ isOffered: true, lifetimeSeconds: 7200 }, 0],
  );
  const early = await openssl.start(...RSA, "-early_data", "-max_early_data", "16000");
  assert.equal((await probeModernSession(targetAt(early))).earlyData, 16_000);
  const none = await probeModernSession(targetAt(await openssl.start(...RSA, "-num_tickets", "0")));
  assert.deepEqual([none.tickets, none.earlyData], [{ isOffered: false }, 0]);
});

test("tickets of TLS 1.2 are offered or not, and taken up", async () => {
  const target = targetAt(everything);
  const legacy = await probeLegacySession(target, "TLSv1.2");
  assert.deepEqual(legacy.tickets, { isOffered: true, lifetimeSeconds: 7200 });
  const { resumption, ticketbleed } = await probeResumption(target, "TLSv1.2", legacy);
  assert.deepEqual([resumption, ticketbleed.verdict], ["accepted", "not-vulnerable"]);
  const without = targetAt(await openssl.start(...RSA, "-no_ticket"));
  const other = await probeLegacySession(without, "TLSv1.2");
  assert.deepEqual([other.state, other.tickets], ["finished", { isOffered: false }]);
});

for (const [args, expected] of [
  [[], "none"],
  [["-verify", "1"], "requested"],
  [["-Verify", "1", "-verify_return_error"], "required"],
] as const) {
  test(`openssl with ${args.join(" ") || "nothing"}: a client certificate is ${expected}`, async () => {
    const target = targetAt(await openssl.start(...RSA, ...args));
    assert.equal((await probeModernSession(target)).clientCertificate, expected);
    assert.equal((await probeLegacySession(target, "TLSv1.2")).clientCertificate, expected);
  });
}

test("a server that hangs up on an empty certificate without a word requires one", async () => {
  const target = await nodeServer({ requestCert: true, rejectUnauthorized: true, ca: rsa.cert });
  assert.equal((await probeModernSession(target)).clientCertificate, "required");
  assert.equal((await probeLegacySession(target, "TLSv1.2")).clientCertificate, "required");
});

for (const protocol of ["TLSv1", "TLSv1.1", "TLSv1.2"] as const) {
  test(`client-initiated renegotiation of ${protocol} is refused or accepted`, async () => {
    const refusing = await probeLegacySession(targetAt(everything), protocol);
    assert.deepEqual(
      [refusing.clientRenegotiation, refusing.insecureRenegotiation.verdict],
      ["refused", "not-vulnerable"],
    );
    assert.match(refusing.clientRenegotiationBecause, /alert 100/);
    const args = ["-client_renegotiation", ...OLDEST, ...ALL];
    const accepting = await probeLegacySession(
      targetAt(await openssl.start(...RSA, ...args)),
      protocol,
    );
    assert.deepEqual(
      [accepting.clientRenegotiation, accepting.insecureRenegotiation.verdict],
      ["accepted", "not-vulnerable"],
    );
  });
}

test("no correct server is called vulnerable", async () => {
  const noVersion13 = { maxVersion: "TLSv1.2" } as const;
  const targets = [
    await nodeServer({ ciphers: "AES128-SHA:AES256-GCM-SHA384", ...noVersion13 }),
    await nodeServer({ ciphers: "AES256-SHA256:ECDHE-RSA-AES128-GCM-SHA256", ...noVersion13 }),
  ];
  for (const target of targets) {
    const plan = { hasTls13: false, legacy: "TLSv1.2", hasStaticRsa: undefined } as const;
    const { earlyRecords, robot, resumption, legacy } = await probeAll(target, plan);
    assert.deepEqual(
      {
        heartbleed: earlyRecords?.heartbleed.verdict,
        ccs: earlyRecords?.ccsInjection.verdict,
        robot: robot.verdict,
        ticketbleed: resumption?.ticketbleed.verdict,
        insecure: legacy?.insecureRenegotiation.verdict,
      },
      {
        heartbleed: "not-vulnerable",
        ccs: "not-vulnerable",
        robot: "not-vulnerable",
        ticketbleed: "not-vulnerable",
        insecure: "not-vulnerable",
      },
    );
  }
  const early = await probeEarlyRecords(targetAt(everything), "TLSv1.2");
  assert.deepEqual(
    [early.heartbleed.verdict, early.ccsInjection.verdict],
    ["not-vulnerable", "not-vulnerable"],
  );
});

test("a server without static RSA cannot have an oracle", async () => {
  const target = await nodeServer({ ciphers: "ECDHE+AESGCM" });
  assert.equal((await probeRobot(target, "TLSv1.2")).verdict, "not-applicable");
});
