import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { Host, TlsPeer } from "../../src/core/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority } from "./host-certificates.ts";

const { signal } = new AbortController();
const servers: Server[] = [];
let directory = "";
let authority: ReturnType<typeof createAuthority>;

before(() => {
  directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-"));
  authority = createAuthority(directory);
});
after(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

async function serve(options: TlsOptions): Promise<number> {
  const server = createTlsServer(options);
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  return listen(server);
}

/** Every name leads to this machine, as `--connect-to` does it. */
function hostFor(port: number, caFile: string | undefined = authority.caFile): Host {
  return createLocalHost({
    connectTo: [{ fromHost: "", fromPort: "", toHost: "127.0.0.1", toPort: String(port) }],
    ...(caFile !== undefined && { caFile }),
  });
}

async function shake(options: TlsOptions, name = "hub.test"): Promise<TlsPeer> {
  return hostFor(await serve(options)).handshake(name, 443, { timeoutMs: 5_000, signal });
}

test("a valid certificate verifies, and is described", async () => {
  const { cert, key } = authority.issue("hub.test", {
    names: "DNS:hub.test,DNS:*.hub.test,IP:127.0.0.9",
  });
  const port = await serve({ cert, key });
  const host = hostFor(port);
  const peer = await host.handshake("hub.test", 443, { timeoutMs: 5_000, signal });
  assert.deepEqual(peer, {
    address: "127.0.0.1",
    protocol: "TLSv1.3",
    verified: true,
    subject: "CN=hub.test",
    issuer: "CN=root",
    names: ["hub.test", "*.hub.test", "127.0.0.9"],
    notBefore: "2020-01-01T00:00:00.000Z",
    notAfter: "2049-12-31T23:59:59.000Z",
    keyType: "EC",
    keyBits: 256,
    signature: "ecdsa-with-SHA256",
  });
  const verdicts = await Promise.all(
    ["a.hub.test", "hub.test.", "127.0.0.9", "a.b.hub.test", "other.test", "127.0.0.8"].map(
      async (name) => {
        const { verified, error } = await host.handshake(name, 443, { timeoutMs: 5_000, signal });
        return [name, verified, error];
      },
    ),
  );
  const mismatch = "ERR_TLS_CERT_ALTNAME_INVALID";
  assert.deepEqual(verdicts, [
    ["a.hub.test", true, undefined],
    ["hub.test.", true, undefined],
    ["127.0.0.9", true, undefined],
    ["a.b.hub.test", false, mismatch],
    ["other.test", false, mismatch],
    ["127.0.0.8", false, mismatch],
  ]);
});

test("names are sent for names, never for addresses", async () => {
  const seen: (string | false | null | undefined)[] = [];
  const server = createTlsServer(authority.issue("sni.test", { names: "DNS:sni.test" }));
  server.on("secureConnection", (socket) => {
    seen.push(socket.servername);
    socket.on("error", () => undefined);
  });
  const host = hostFor(await listen(server));
  for (const name of ["sni.test", "127.0.0.1", "[::1]"])
    await host.handshake(name, 443, { timeoutMs: 5_000, signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    seen.map((name) => name || ""),
    ["sni.test", "", ""],
  );
});

const FAULTY: readonly (readonly [string, string, () => TlsOptions])[] = [
  [
    "expired",
    "CERT_HAS_EXPIRED",
    () => authority.issue("expired", { names: "DNS:hub.test", notAfter: "20210101000000Z" }),
  ],
  [
    "not yet valid",
    "CERT_NOT_YET_VALID",
    () => authority.issue("future", { names: "DNS:hub.test", notBefore: "20480101000000Z" }),
  ],
  [
    "self-signed",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    () => authority.selfSigned("selfsigned", ["-addext", "subjectAltName=DNS:hub.test"]),
  ],
  [
    "the name only in the subject",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    () => ({ ...authority.issue("hub.test.cn") }),
  ],
  [
    "an incomplete chain",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    () => {
      authority.issue("intermediate", { extra: "basicConstraints=critical,CA:TRUE" });
      return authority.issueFrom("intermediate", "leaf", { names: "DNS:hub.test" });
    },
  ],
];
for (const [what, error, options] of FAULTY) {
  test(`${what}: the handshake completes and says ${error}`, async () => {
    const peer = await shake(options());
    assert.deepEqual([peer.verified, peer.error], [false, error]);
  });
}

test("the chain completed by its intermediate verifies", async () => {
  const intermediate = authority.issue("inter2", { extra: "basicConstraints=critical,CA:TRUE" });
  const leaf = authority.issueFrom("inter2", "leaf2", { names: "DNS:hub.test" });
  const peer = await shake({ cert: leaf.cert + intermediate.cert, key: leaf.key });
  assert.deepEqual([peer.verified, peer.issuer], [true, "CN=inter2"]);
});

test("an authority nobody trusts", async () => {
  const port = await serve(authority.issue("private", { names: "DNS:hub.test" }));
  const strict = createLocalHost({
    connectTo: [{ fromHost: "", fromPort: "", toHost: "127.0.0.1", toPort: String(port) }],
  });
  const options = { timeoutMs: 5_000, signal };
  const distrusted = await strict.handshake("hub.test", 443, options);
  assert.deepEqual(
    [distrusted.verified, distrusted.error],
    [false, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  );
  // The trust file of the application stands in for the system's, as SSL_CERT_FILE does.
  const trusted = await strict.handshake("hub.test", 443, {
    ...options,
    trustFile: authority.caFile,
  });
  assert.equal(trusted.verified, true);
  const missing = strict.handshake("hub.test", 443, {
    ...options,
    trustFile: authority.path("none.pem"),
  });
  await assert.rejects(missing, { reason: "ENOENT" });
  const noPem = strict.handshake("hub.test", 443, {
    ...options,
    trustFile: authority.path("ca.cnf"),
  });
  await assert.rejects(noPem, { code: "malformed" });
});

const KEYS: readonly (readonly [string, readonly string[], string, string, number, string])[] = [
  ["rsa1024", ["-newkey", "rsa:1024"], "sha256", "RSA", 1024, "ecdsa-with-SHA256"],
  ["rsa2048", ["-newkey", "rsa:2048"], "sha1", "RSA", 2048, "ecdsa-with-SHA1"],
  [
    "p384",
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "sha384",
    "EC",
    384,
    "ecdsa-with-SHA384",
  ],
  ["ed25519", ["-newkey", "ed25519"], "sha256", "Ed25519", 256, "ecdsa-with-SHA256"],
];
for (const [name, key, digest, keyType, keyBits, signature] of KEYS) {
  test(`key and signature of ${name} are seen, weak or not`, async () => {
    const { cert, key: privateKey } = authority.issue(name, { names: "DNS:hub.test", key, digest });
    const peer = await shake({ cert, key: privateKey, ciphers: "DEFAULT:@SECLEVEL=0" });
    assert.deepEqual([peer.keyType, peer.keyBits, peer.signature], [keyType, keyBits, signature]);
  });
}

test("the RSA signature algorithms have their names", async () => {
  const rsa = authority.selfSigned("rsaroot", ["-sha1"], ["-newkey", "rsa:2048"]);
  assert.equal(
    (await shake({ ...rsa, ciphers: "DEFAULT:@SECLEVEL=0" })).signature,
    "sha1WithRSAEncryption",
  );
  const pss = authority.selfSigned(
    "pssroot",
    ["-sigopt", "rsa_padding_mode:pss", "-sha384"],
    ["-newkey", "rsa:2048"],
  );
  assert.equal((await shake(pss)).signature, "RSASSA-PSS with SHA-384");
});

test("an old protocol is spoken where the server has no other", async () => {
  const { cert, key } = authority.issue("old", { names: "DNS:hub.test" });
  const options: TlsOptions = {
    cert,
    key,
    minVersion: "TLSv1",
    maxVersion: "TLSv1",
    ciphers: "DEFAULT:@SECLEVEL=0",
  };
  assert.equal((await shake(options)).protocol, "TLSv1");
});

test("no handshake: plain text, an alert, a closed door, silence, drops of bytes", async () => {
  const attempt = async (port: number, timeoutMs = 5_000) => {
    const started = performance.now();
    const error: unknown = await hostFor(port)
      .handshake("hub.test", 443, { timeoutMs, signal })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    assert.ok(performance.now() - started < timeoutMs + 1_000);
    assert.ok(error instanceof Error && "code" in error && "reason" in error);
    return `${error.code} ${error.reason}`;
  };
  const tcp = (answer: (socket: import("node:net").Socket) => void) =>
    listen(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        answer(socket);
      }),
    );
  const plain = await attempt(
    await tcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
  );
  assert.match(plain, /^malformed ERR_SSL_/);
  const refuses = await serve({
    ...authority.issue("alert", { names: "DNS:hub.test" }),
    SNICallback: (_name, done) => done(new Error("no such name")),
  });
  assert.match(await attempt(refuses), /^unreachable (?:ECONNRESET|ERR_SSL_.*ALERT.*)$/);
  assert.equal(await attempt(await tcp((socket) => socket.destroy())), "unreachable ECONNRESET");
  assert.equal(await attempt(await tcp(() => undefined), 400), "unreachable ETIMEDOUT");
  const drips = await tcp((socket) => {
    socket.write(Uint8Array.of(0x16, 0x03, 0x03, 0x40, 0x00));
    const timer = setInterval(() => socket.write(Uint8Array.of(0x02)), 50);
    socket.on("close", () => clearInterval(timer));
  });
  assert.equal(await attempt(drips, 400), "unreachable ETIMEDOUT");
});
