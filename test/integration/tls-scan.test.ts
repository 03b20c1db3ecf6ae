import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import type { ScanOptions, ScanTarget } from "../../src/facts/tls/scan-target.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import {
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";
import { createOpensslServers } from "./openssl-server.ts";
import {
  acted,
  answering,
  closeAtOnce,
  drip,
  endless,
  greeting,
  mute,
  offersTls13,
  passingOn,
  postgresBefore,
  resetAtOnce,
  resetOnHello,
  smtpBefore,
  ssl2Server,
} from "./tls-actors.ts";

const NAME = "lab.test";
const host = createLocalHost();
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-scan-"));
const servers = createServers();
const openssl = createOpensslServers(directory);
let ec: TestCertificate;
let rsa: TestCertificate;
let caPem = "";

before(() => {
  const authority = createAuthority(directory);
  ec = authority.issue("ec", { names: `DNS:${NAME}` });
  rsa = authority.issue("rsa", { names: `DNS:${NAME}`, key: ["-newkey", "rsa:2048"] });
  caPem = readFileSync(authority.caFile, "utf8");
});

after(() => {
  servers.close();
  openssl.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Asked {
  readonly target?: Partial<ScanTarget>;
  readonly options?: Partial<ScanOptions>;
}

async function scan(port: number, { target, options }: Asked = {}): Promise<TlsScan> {
  const { signal } = new AbortController();
  const [result, ...others] = await scanTls(
    host,
    { host: "127.0.0.1", port, sni: NAME, caPem, ...target },
    { signal, nowMs: Date.now(), ...options },
  );
  assert.deepEqual(others, []);
  assert.ok(result);
  return result;
}

function tlsServer(options: TlsOptions): Promise<number> {
  const server = createTlsServer(options, (socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  server.on("tlsClientError", () => undefined);
  return servers.listen(server);
}

function vulnerable(result: TlsScan): readonly string[] {
  return Object.entries(result.vulnerabilities)
    .filter(([, verdict]) => verdict === "vulnerable")
    .map(([name]) => name);
}

test("finds everything of a server with both new protocols", async () => {
  const port = await tlsServer({
    ...rsa,
    ALPNProtocols: ["h2", "http/1.1"],
    ecdhCurve: "P-384:X25519",
  });
  const result = await scan(port);
  assert.equal(result.state, "tls");
  assert.deepEqual(result.protocols, ["TLSv1.2", "TLSv1.3"]);
  assert.deepEqual(result.protocolsUnknown, []);
  assert.deepEqual(result.suitesIncomplete, {});
  assert.deepEqual(result.suites["TLSv1.3"]?.toSorted(), [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
  ]);
  assert.ok(result.suites["TLSv1.2"]?.includes("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
  assert.deepEqual(result.groups?.toSorted(), ["secp384r1", "x25519"]);
  assert.deepEqual(result.alpn, ["h2", "http/1.1"]);
  assert.deepEqual(result.sni, { withoutName: "same", wrongName: "same" });
  assert.equal(result.secureRenegotiation, true);
  assert.equal(result.fallbackScsv, "not-applicable");
  assert.equal(result.clientCertificate, "none");
  assert.equal(result.staple, "none");
  assert.equal(result.tickets.isOffered, true);
  assert.equal(result.earlyData, 0);
  assert.deepEqual(vulnerable(result), []);
  assert.deepEqual(result.notes, []);
  assert.ok(result.connections <= 75, `${result.connections} connections`);
  const [certificate] = result.certificates ?? [];
  assert.equal(certificate?.trusted, "by-your-ca");
  assert.deepEqual(certificate?.seenWith, ["RSA", "TLSv1.3 RSA"]);
});

test("sees a server whose only groups are post-quantum hybrids", async () => {
  const port = await tlsServer({ ...ec, minVersion: "TLSv1.3", ecdhCurve: "X25519MLKEM768" });
  const result = await scan(port);
  assert.deepEqual(result.protocols, ["TLSv1.3"]);
  assert.deepEqual(result.groups, ["X25519MLKEM768"]);
  assert.equal(result.vulnerabilities.robot, "not-applicable");
  assert.equal(result.vulnerabilities.crime, "not-applicable");
});

test("reads the server's order where it has one", async () => {
  const ciphers = "AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";
  const ordered = await tlsServer({
    ...rsa,
    ciphers,
    maxVersion: "TLSv1.2",
    honorCipherOrder: true,
  });
  const free = await tlsServer({ ...rsa, ciphers, maxVersion: "TLSv1.2", honorCipherOrder: false });
  const [first, second] = [await scan(ordered), await scan(free)];
  assert.deepEqual(first.suites["TLSv1.2"], [
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  ]);
  assert.equal(first.serverOrder, true);
  assert.equal(second.serverOrder, false);
  assert.equal(first.vulnerabilities.robot, "not-vulnerable");
});

test("is not deceived by a server that hangs up on TLS 1.3", async () => {
  const port = await tlsServer({ ...rsa, maxVersion: "TLSv1.2" });
  for (const refuse of ["end", "resetAndDestroy"] as const) {
    const actor = passingOn(port, (first, socket) => {
      if (offersTls13(first)) socket[refuse]();
      return offersTls13(first);
    });
    const result = await scan(await servers.listen(acted(actor)));
    assert.deepEqual(result.protocols, ["TLSv1.2"], refuse);
    assert.deepEqual(result.protocolsUnknown, [], refuse);
    assert.deepEqual(result.notes, [], refuse);
  }
});

test("finds every suite of a server that refuses by reset, as Schannel does", async () => {
  const port = await tlsServer({
    ...rsa,
    ciphers: "ECDHE-RSA-AES128-GCM-SHA256",
    maxVersion: "TLSv1.2",
  });
  const wanted = Buffer.of(0xc0, 0x2f);
  const actor = passingOn(port, (first, socket) => {
    const isRefused = first[0] !== 22 || !first.includes(wanted) || (first[10] ?? 0) < 3;
    if (isRefused) socket.resetAndDestroy();
    return isRefused;
  });
  const result = await scan(await servers.listen(acted(actor)));
  assert.deepEqual(result.suites, { "TLSv1.2": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"] });
  assert.deepEqual(result.protocolsUnknown, []);
  assert.deepEqual(result.suitesIncomplete, {});
  assert.ok(result.connections <= 75, `${result.connections} connections`);
});

test("backs off from a rate limit, finds all the same and says so", async () => {
  const port = await tlsServer({ ...ec, minVersion: "TLSv1.3" });
  const seen: number[] = [];
  const limited = acted((socket) => {
    const now = performance.now();
    seen.push(now);
    if (seen.filter((at) => now - at < 1000).length > 12) return resetAtOnce(socket);
    return passingOn(port, () => false)(socket);
  });
  const result = await scan(await servers.listen(limited));
  assert.deepEqual(result.protocols, ["TLSv1.3"]);
  assert.deepEqual(result.protocolsUnknown, []);
  assert.equal(result.suites["TLSv1.3"]?.length, 3);
  assert.deepEqual(result.notes, ["rate limited, slowed down"]);
});

test("leaves unknown what it may not ask any more", async () => {
  const port = await tlsServer(rsa);
  const result = await scan(port, { options: { connectionsMax: 8 } });
  assert.equal(result.connections, 8);
  assert.ok(result.notes.includes("stopped after 8 connections"));
  assert.notDeepEqual(result.suitesIncomplete, {});
  assert.equal(result.vulnerabilities.heartbleed, "unknown");
  assert.equal(result.vulnerabilities.rc4, "unknown");
});

test("leaves unknown what a server that dies half way did not answer", async () => {
  const port = await tlsServer(rsa);
  let count = 0;
  const server = acted((socket) => {
    count += 1;
    if (count === 6) server.close();
    passingOn(port, () => false)(socket);
  });
  const result = await scan(await servers.listen(server));
  assert.equal(result.state, "tls");
  assert.notDeepEqual([...result.protocolsUnknown, ...Object.keys(result.suitesIncomplete)], []);
  assert.ok(result.notes.some((note) => note.startsWith("rate limited or gone")));
  assert.ok(result.durationMs < 15_000, `${result.durationMs} ms`);
});

test("finds SSL 2.0 alone and calls it DROWN", async () => {
  const der = new X509Certificate(rsa.cert).raw;
  const result = await scan(await servers.listen(acted(ssl2Server([0x010080, 0x0700c0], der))));
  assert.equal(result.state, "tls");
  assert.deepEqual(result.protocols, ["SSLv2"]);
  assert.deepEqual(result.suites, {
    SSLv2: ["SSL_CK_RC4_128_WITH_MD5", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"],
  });
  assert.equal(result.vulnerabilities.drown, "vulnerable");
  assert.equal(result.certificates?.[0]?.keyType, "RSA");
});

test("speaks the preambles of STARTTLS", async () => {
  const port = await tlsServer({ ...ec, maxVersion: "TLSv1.2" });
  const mail = await servers.listen(acted(smtpBefore(port, true)));
  const base = await servers.listen(acted(postgresBefore(port)));
  const overSmtp = await scan(mail, { target: { starttls: "smtp" } });
  const overPostgres = await scan(base, { target: { starttls: "postgres" } });
  assert.deepEqual(overSmtp.protocols, ["TLSv1.2"]);
  assert.deepEqual(overPostgres.protocols, ["TLSv1.2"]);
  assert.equal(overSmtp.vulnerabilities.breach, "not-applicable");
  const bare = await servers.listen(acted(smtpBefore(port, false)));
  const { state, why } = await scan(bare, { target: { starttls: "smtp" } });
  assert.deepEqual({ state, why }, { state: "not-tls", why: "STARTTLS is not offered" });
});

const ENDINGS: readonly {
  readonly name: string;
  readonly actor: Parameters<typeof acted>[0];
  readonly state: TlsScan["state"];
  readonly why: string;
  readonly limitMs: number;
}[] = [
  { name: "mute", actor: mute, state: "unknown", why: "no answer in time", limitMs: 10_000 },
  { name: "drip", actor: drip, state: "unknown", why: "no answer in time", limitMs: 10_000 },
  { name: "reset", actor: resetAtOnce, state: "unknown", why: "connection reset", limitMs: 5000 },
  {
    name: "reset on hello",
    actor: resetOnHello,
    state: "unknown",
    why: "connection reset",
    limitMs: 5000,
  },
  {
    name: "close at once",
    actor: closeAtOnce,
    state: "unknown",
    why: "connection closed without an answer",
    limitMs: 5000,
  },
  {
    name: "garbage",
    actor: answering("\x00\x01\x02\x03"),
    state: "not-tls",
    why: "the first byte is no content type of TLS",
    limitMs: 2000,
  },
  {
    name: "HTTP",
    actor: answering("HTTP/1.1 400 Bad Request\r\n\r\n"),
    state: "not-tls",
    why: "speaks plain HTTP",
    limitMs: 2000,
  },
  {
    name: "SSH",
    actor: greeting("SSH-2.0-OpenSSH_9.2p1\r\n"),
    state: "not-tls",
    why: "speaks SSH",
    limitMs: 2000,
  },
  {
    name: "SMTP",
    actor: greeting("220 mail.test ESMTP\r\n"),
    state: "not-tls",
    why: "greets in clear as SMTP or FTP does",
    limitMs: 2000,
  },
  {
    name: "endless message",
    actor: endless,
    state: "unknown",
    why: "a handshake message of 16777215 bytes",
    limitMs: 5000,
  },
];

for (const { name, actor, state, why, limitMs } of ENDINGS) {
  test(`says what a server is that is none: ${name}`, async () => {
    const result = await scan(await servers.listen(acted(actor)));
    assert.deepEqual({ state: result.state, why: result.why }, { state, why });
    assert.equal(result.protocols, null);
    assert.ok(result.durationMs < limitMs, `${result.durationMs} ms`);
    assert.ok(result.connections <= 16, `${result.connections} connections`);
  });
}

test("says that a port is closed and that a name is not there", async () => {
  const closed = await scan(await servers.closedPort());
  assert.equal(closed.state, "unreachable");
  assert.match(closed.why ?? "", /connection refused/);
  const nowhere = await scan(443, { target: { host: "nowhere.invalid" } });
  assert.equal(nowhere.state, "unreachable");
  assert.equal(nowhere.address, "");
});

test("scans what OpenSSL offers of old: TLS 1.0, 3DES, DHE, anonymous suites", async () => {
  const port = await openssl.start(
    ...["-cert", "rsa.pem", "-key", "rsa.key", "-no_tls1_3", "-min_protocol", "TLSv1"],
    ...["-cipher", "AES128-SHA:ADH-AES128-SHA:DHE-RSA-AES128-SHA@SECLEVEL=0"],
  );
  const result = await scan(port);
  assert.deepEqual(result.protocols, ["TLSv1", "TLSv1.1", "TLSv1.2"]);
  assert.deepEqual(result.suites["TLSv1"]?.toSorted(), [
    "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_DH_anon_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
  ]);
  assert.equal(result.fallbackScsv, "supported");
  assert.deepEqual(vulnerable(result), ["anon", "beast"]);
});

test("tells the server behind a name from the nameless one of nginx", async (context) => {
  const missing = nginxMissing();
  if (missing !== undefined) return context.skip(missing);
  const [port = 0] = await freePorts(1);
  const prefix = makePrefix({});
  const listen = `listen 127.0.0.1:${port} ssl;`;
  const files = (name: string) =>
    `ssl_certificate ${directory}/${name}.pem; ssl_certificate_key ${directory}/${name}.key;`;
  writeFiles(prefix, {
    "nginx.conf": wrapHttp(
      prefix,
      `server { ${listen} ssl_reject_handshake on; }
       server { ${listen} server_name ${NAME}; ${files("ec")} ssl_protocols TLSv1.2; add_header Strict-Transport-Security "max-age=31536000"; return 200; }`,
    ),
  });
  const nginx = await startNginx(prefix, port);
  try {
    const result = await scan(port);
    assert.deepEqual(result.sni, { withoutName: "refused", wrongName: "refused" });
    assert.equal(result.hstsSeconds, 31_536_000);
    const wrong = await scan(port, { target: { sni: "other.test" } });
    assert.equal(wrong.state, "tls");
    assert.deepEqual(wrong.protocols, []);
    assert.ok(wrong.protocolsUnknown.includes("TLSv1.2"));
    assert.equal(wrong.why, "refuses every hello: unrecognized_name");
    assert.equal(wrong.groups, null);
  } finally {
    await stopNginx(nginx);
    removePrefix(prefix);
  }
});
