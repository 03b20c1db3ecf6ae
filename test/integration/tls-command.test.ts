import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { selfSignedCertificate } from "../../src/cli/demo/certificate.ts";
import { createScratch, plimsoll, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
const certificate = selfSignedCertificate("localhost", Date.now());
const secure = await listen(
  createTlsServer({ ...certificate, minVersion: "TLSv1.2" }, (socket) =>
    socket.on("error", () => {}),
  ),
);
const mute = await listen(createServer((socket) => socket.on("error", () => {})));

function listen(server: Server): Promise<number> {
  after(() => server.close());
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)); // TCP, so no pipe name.
  return promise;
}

const usageErrors: readonly [args: readonly string[], says: RegExp][] = [
  [["tls"], /which server/],
  [["tls", "a b"], /is not a server/],
  [["tls", "localhost", "--starttls", "ftp"], /--starttls takes one of/],
  [["tls", "localhost", "--targets", "x"], /not both/],
  [["tls", "--targets", "/no/such/file"], /cannot read the targets/],
  [["tls", "localhost", "--delay", "-1"], /--delay/],
  [["tls", "localhost", "--cacert", "/no/such.pem"], /--cacert/],
  [["tls", "localhost", "--cacert", scratch.write("no.pem", "")], /no certificate/],
  [["tls", "localhost", "--cacert", scratch.directory], /--cacert/],
  [["tls", "--targets", scratch.write("none.txt", "# none\n")], /names no server/],
  [["tls", "--targets", scratch.write("binary.txt", "a\n\0\u0001\n")], /:2: .* is not a server/],
  [["tls", "localhost", "--cacert", "/etc/passwd"], /--cacert: no certificate \(PEM\)/],
];
for (const [args, says] of usageErrors) {
  test(`usage: ${args.join(" ")} exits 64`, async () => {
    const { exit, stdout, stderr } = await plimsoll(args);
    assert.match(stderr, says);
    assert.deepEqual([exit, stdout], [64, ""]);
  });
}

test("tls: text shows protocols, suites, certificate, grade with its arithmetic and a fix", async () => {
  const { exit, stdout } = await plimsoll([
    "tls",
    `localhost:${secure}`,
    "--connect-to",
    `localhost:${secure}:127.0.0.1:${secure}`,
  ]);
  assert.match(stdout, new RegExp(`^localhost:${secure} .* grade T`, "m"));
  for (const text of [
    "TLSv1.3",
    "TLS_AES_128_GCM_SHA256",
    "Refused       SSLv2, SSLv3, TLSv1, TLSv1.1",
    "self-signed",
    "(SSL Labs 2009r): 0.3 x 100 protocol",
    "if trust is ignored:",
    "FAIL      tls.certificate-trusted",
    "Fix: ",
  ]) {
    assert.ok(stdout.includes(text), text);
  }
  assert.equal(exit, 2);
});

test("tls: --cacert makes it trusted by your CA, the JSON fits the schema", async () => {
  const ca = scratch.write("ca.pem", certificate.cert);
  const { exit, stdout } = await plimsoll([
    "tls",
    `127.0.0.1:${secure}`,
    "--sni",
    "localhost",
    "--cacert",
    ca,
    "--json",
  ]);
  const document: unknown = JSON.parse(stdout);
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(
    JSON.parse(readFileSync(`${ROOT}/schema/report.schema.json`, "utf8")),
  );
  assert.ok(validate(document), JSON.stringify(validate.errors));
  const report = JSON.parse(stdout);
  const [scan] = report.tls;
  assert.equal(scan.state, "tls");
  assert.deepEqual(scan.protocols, ["TLSv1.2", "TLSv1.3"]);
  assert.ok(scan.connections <= 75, `${scan.connections} connections`);
  assert.equal(exit, report.exitCode);
});

test("tls: a mute server is unknown, never not offered, and the exit says so", async () => {
  const { exit, stdout } = await plimsoll(["tls", `127.0.0.1:${mute}`, "--json"]);
  const [scan] = JSON.parse(stdout).tls;
  assert.equal(scan.state, "unknown");
  assert.equal(scan.protocols, null);
  assert.equal(exit, 1);
});

test("tls: the time limit ends the run with exit 3", async () => {
  const { exit, stderr } = await plimsoll(["tls", `127.0.0.1:${mute}`, "--timeout", "1"]);
  assert.equal(stderr, "");
  assert.equal(exit, 3);
});

test("tls: --targets prints one JSON line per target", async () => {
  const file = scratch.write(
    "targets.txt",
    `# two\n127.0.0.1:${secure}\n127.0.0.1:${secure} # again\n\n127.0.0.1:1\n`,
  );
  const { stdout } = await plimsoll(["tls", "--targets", file]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, 3);
  assert.deepEqual(lines.map(({ tls }) => tls[0].state).sort(), ["tls", "tls", "unreachable"]);
});
