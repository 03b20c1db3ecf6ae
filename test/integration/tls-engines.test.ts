import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import { createOpensslServers } from "./openssl-server.ts";
import { acted, passingOn } from "./tls-actors.ts";

/** Servers whose engine or configuration is rare, each for what a scan made of it once. */

const NAME = "lab.test";
const host = createLocalHost();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-engines-"));
const servers = createServers();
const openssl = createOpensslServers(directory);
const RSA = ["-cert", "rsa.pem", "-key", "rsa.key"];
let rsa: TestCertificate;
let caPem = "";

before(() => {
  const authority = createAuthority(directory);
  rsa = authority.issue("rsa", { names: `DNS:${NAME}`, key: ["-newkey", "rsa:2048"] });
  authority.issue("p384", {
    names: `DNS:${NAME}`,
    key: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
  });
  authority.issue("brainpool", {
    names: `DNS:${NAME}`,
    key: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"],
  });
  caPem = readFileSync(authority.caFile, "utf8");
});

after(() => {
  servers.close();
  openssl.close();
  rmSync(directory, { recursive: true, force: true });
});

async function scan(port: number): Promise<TlsScan> {
  const { signal } = new AbortController();
  const target = { host: "127.0.0.1", port, sni: NAME, caPem };
  const [result] = await scanTls(host, target, { signal, nowMs: Date.now() });
  assert.ok(result);
  return result;
}

function tlsServer(options: TlsOptions): Promise<number> {
  const server = createTlsServer({ ...rsa, ...options }, (socket) => {
    socket.on("error", () => undefined);
    const fields = "Content-Length: 0\r\nStrict-Transport-Security: max-age=300\r\n";
    socket.end(`HTTP/1.1 200 OK\r\n${fields}Connection: close\r\n\r\n`);
  });
  server.on("tlsClientError", () => undefined);
  return servers.listen(server);
}

/** Weaknesses the scan has no verdict on. */
function open({ vulnerabilities }: TlsScan): readonly string[] {
  return Object.entries(vulnerabilities)
    .filter(([, verdict]) => verdict === "unknown")
    .map(([name]) => name);
}

const GROUPS = [
  ["MLKEM768", "MLKEM768"],
  ["SecP256r1MLKEM768", "SecP256r1MLKEM768"],
  ["ffdhe8192", "ffdhe8192"],
  ["brainpoolP384r1tls13", "brainpoolP384r1tls13"],
] as const;
for (const [ecdhCurve, name] of GROUPS) {
  test(`sees all of a server whose only group is ${name}`, async () => {
    const port = await tlsServer({ minVersion: "TLSv1.3", ecdhCurve, ALPNProtocols: ["h2"] });
    const result = await scan(port);
    assert.deepEqual(result.groups, [name]);
    assert.equal(result.certificates?.[0]?.trusted, "by-your-ca");
    assert.deepEqual(result.alpn, ["h2"]);
    assert.equal(result.tickets.isOffered, true);
    assert.equal(result.clientCertificate, "none");
    assert.deepEqual(result.sni, { withoutName: "same", wrongName: "same" });
    assert.equal(result.hstsSeconds, 300);
    assert.deepEqual(open(result), []);
  });
}

const SUITES = [
  ["anonymous suites", ["-nocert", "-cipher", "aNULL:!eNULL@SECLEVEL=0"]],
  ["NULL suites", [...RSA, "-cipher", "NULL-SHA256@SECLEVEL=0"]],
  ["ARIA", [...RSA, "-cipher", "ARIA256-GCM-SHA384:ECDHE-ARIA128-GCM-SHA256"]],
  ["brainpool", ["-cert", "brainpool.pem", "-key", "brainpool.key", "-curves", "brainpoolP256r1"]],
] as const;
for (const [name, args] of SUITES) {
  test(`finishes what it asks of a server with ${name} alone`, async () => {
    const result = await scan(await openssl.start("-tls1_2", ...args));
    assert.deepEqual(result.protocols, ["TLSv1.2"]);
    assert.equal(result.clientRenegotiation, "refused");
    assert.equal(result.tickets.isOffered, true);
    // Node has no such suites for the one request over HTTPS.
    assert.deepEqual(
      open(result).filter((each) => each !== "breach"),
      [],
    );
  });
}

for (const [version, protocol] of [
  ["-tls1", "TLSv1"],
  ["-tls1_2", "TLSv1.2"],
] as const) {
  test(`finds pre-shared keys where there is nothing else: ${protocol}`, async () => {
    const cipher = ["-cipher", "ECDHE-PSK-AES128-CBC-SHA:PSK-AES256-CBC-SHA@SECLEVEL=0"];
    const result = await scan(
      await openssl.start("-nocert", "-psk", "0102", version, ...cipher, "-curves", "P-256"),
    );
    assert.deepEqual(result.protocols, [protocol]);
    assert.deepEqual(result.suites[protocol]?.toSorted(), [
      "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA",
      "TLS_PSK_WITH_AES_256_CBC_SHA",
    ]);
    assert.deepEqual(result.groups, ["secp256r1"]);
    assert.deepEqual(result.notes, []);
    const { vulnerabilities } = result;
    assert.deepEqual(
      [vulnerabilities.heartbleed, vulnerabilities["ccs-injection"]],
      ["not-vulnerable", "not-vulnerable"],
    );
    assert.equal(vulnerabilities["insecure-renegotiation"], "not-vulnerable");
  });
}

test("finds pre-shared keys in the older protocols of a server that has them in TLS 1.2", async () => {
  const cipher = ["-cipher", "AES128-SHA:PSK-AES128-CBC-SHA@SECLEVEL=0"];
  const args = [...RSA, "-psk", "0102", "-min_protocol", "TLSv1", "-no_tls1_3", ...cipher];
  const { suites } = await scan(await openssl.start(...args));
  const both = ["TLS_PSK_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"];
  const sorted = Object.entries(suites).map(([protocol, names]) => [protocol, names.toSorted()]);
  assert.deepEqual(sorted, [
    ["TLSv1", both],
    ["TLSv1.1", both],
    ["TLSv1.2", both],
  ]);
});

test("finds the curves a server hides behind its certificate's own, which OpenSSL would not take", async (context) => {
  if (spawnSync("caddy", ["version"]).error !== undefined) return context.skip("no caddy");
  const port = await servers.closedPort();
  const site = `{
    admin off
    auto_https off
  }
  https://${NAME}:${port} {
    bind 127.0.0.1
    tls ${directory}/p384.pem ${directory}/p384.key {
      protocols tls1.2 tls1.2
      curves secp384r1 x25519 secp521r1
    }
    respond hello
  }`;
  writeFileSync(join(directory, "Caddyfile"), site);
  const args = ["run", "--adapter", "caddyfile", "--config", join(directory, "Caddyfile")];
  const environment = { ...process.env, HOME: directory, XDG_DATA_HOME: directory };
  const caddy = spawn("caddy", args, { env: environment, stdio: "ignore" });
  try {
    await reachable(port);
    const { groups } = await scan(port);
    assert.deepEqual(groups?.toSorted(), ["secp384r1", "secp521r1", "x25519"]);
  } finally {
    caddy.kill();
  }
});

/** Waits for a server to take connections, ten seconds at most. */
async function reachable(port: number): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    try {
      const { signal } = new AbortController();
      (await host.openStream("127.0.0.1", port, { timeoutMs: 1000, signal })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test("compares names by a certificate where the favourite suite has none", async () => {
  const cipher = ["-cipher", "AECDH-AES256-SHA:ECDHE-RSA-AES128-SHA@SECLEVEL=0", "-serverpref"];
  const result = await scan(await openssl.start("-tls1_2", ...RSA, ...cipher));
  assert.equal(result.suites["TLSv1.2"]?.[0], "TLS_ECDH_anon_WITH_AES_256_CBC_SHA");
  assert.deepEqual(result.sni, { withoutName: "same", wrongName: "same" });
});

for (const [flags, serverOrder] of [
  [["-serverpref", "-prioritize_chacha"], true],
  [["-serverpref"], true],
  [[], false],
] as const) {
  test(`reads the order of two suites, one of them ChaCha20: ${flags.join(" ")}`, async () => {
    const cipher = ["-cipher", "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"];
    const result = await scan(await openssl.start("-tls1_2", ...RSA, ...cipher, ...flags));
    assert.equal(result.serverOrder, serverOrder);
  });
}

for (const minVersion of ["TLSv1.2", "TLSv1.3"] as const) {
  test(`learns which name a server wants that turns browsers away: ${minVersion}`, async () => {
    const onlyAcme = ({ protocols }: { protocols: string[] }) =>
      protocols.find((protocol) => protocol === "acme-tls/1");
    const port = await tlsServer({
      minVersion,
      maxVersion: minVersion,
      ALPNCallback: onlyAcme,
    });
    const result = await scan(port);
    assert.deepEqual(result.alpn, ["acme-tls/1"]);
    assert.deepEqual(open(result), []);
  });
}

/** The version a hello of TLS offers at most, but for TLS 1.3. */
const versionOf = (hello: Buffer): number => hello.readUInt16BE(9);
const FATAL = (code: number): Uint8Array => Uint8Array.of(21, 3, 1, 0, 2, 2, code);

test("asks for SSL 3.0 by name where a server insists on one, as HAProxy's strict-sni does", async () => {
  const port = await tlsServer({ minVersion: "TLSv1.2" });
  const strict = passingOn(port, (hello, socket) => {
    if (hello[0] !== 22) return false;
    if (!hello.includes(NAME)) socket.end(FATAL(112));
    else if (versionOf(hello) === 0x0300) socket.end(FATAL(70));
    else return false;
    return true;
  });
  const result = await scan(await servers.listen(acted(strict)));
  assert.deepEqual(result.protocols, ["TLSv1.2", "TLSv1.3"]);
  assert.deepEqual(result.protocolsUnknown, []);
  assert.equal(result.vulnerabilities["poodle-ssl"], "not-vulnerable");
  assert.deepEqual(result.sni, { withoutName: "refused", wrongName: "refused" });
});

test("leaves open what a server fails at that has no certificate for the name, as Go does", async () => {
  const port = await tlsServer({ minVersion: "TLSv1.3" });
  const failing = passingOn(port, (hello, socket) => {
    // Without a key share it gets as far as HelloRetryRequest.
    if (hello[0] !== 22 || hello.includes(Buffer.of(0, 51, 0, 2, 0, 0))) return false;
    socket.end(FATAL(versionOf(hello) === 0x0303 ? 80 : 70));
    return true;
  });
  const result = await scan(await servers.listen(acted(failing)));
  assert.deepEqual(result.protocols, ["TLSv1.3"]);
  assert.deepEqual(result.protocolsUnknown, ["TLSv1.2"]);
});

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  test(`takes the same failure for a refusal where ${version} got its certificate`, async () => {
    const port = await tlsServer({ minVersion: version, maxVersion: version });
    const failing = passingOn(port, (hello, socket) => {
      if (hello[0] !== 22 || versionOf(hello) !== 0x0301) return false;
      socket.end(FATAL(80));
      return true;
    });
    const result = await scan(await servers.listen(acted(failing)));
    assert.deepEqual(result.protocols, [version]);
    assert.deepEqual(result.protocolsUnknown, []);
  });
}
