import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { selfSignedCertificate } from "../../src/cli/demo/certificate.ts";
import type { ControlResult, Grade } from "../../src/core/report.ts";
import type { TlsCertificate } from "../../src/core/tls-scan.ts";
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

const ssh = await listen(createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2p1\r\n")));

/** Fails with every error of the report's schema. */
function assertSchema(text: string): void {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(
    JSON.parse(readFileSync(`${ROOT}/schema/report.schema.json`, "utf8")),
  );
  assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
}

const usageErrors: readonly [args: readonly string[], says: RegExp][] = [
  [["tls"], /which server/],
  [["tls", "a b"], /is not a server/],
  [["tls", "localhost", "--starttls", "ftp"], /--starttls takes one of/],
  [["tls", "localhost", "--targets", "x"], /not both/],
  [["tls", "--targets", "/no/such/file"], /cannot read the targets/],
  [["tls", "localhost", "--delay", "-1"], /--delay/],
  [["tls", "localhost", "--delay", ""], /--delay takes a whole number from 0 to 60000, not ""/],
  [["tls", "localhost", "--connections", "0"], /--connections takes a whole number from 1/],
  [["tls", "localhost", "--connections", "1e3"], /--connections takes a whole number/],
  [["tls", "localhost", "--timeout", "0"], /--timeout takes seconds above 0, up to 86400, not "0"/],
  [["tls", "localhost", "--starttsl", "smtp"], /did you mean "--starttls"/],
  [["tls", "localhost", "--sni"], /--sni/],
  [["tls", "localhost", "--format", "jsn"], /did you mean "json"/],
  [["tls", "localhost", "--format", "json", "--json"], /give one of the two/],
  [["tls", "--targets", "-", "--format", "json"], /--targets prints JSON lines/],
  [["tls", "localhost", "--color", "maybe"], /--color takes auto/],
  [["tls", "http://x"], /is without TLS/],
  [["tls", "--", "--json"], /"--json" is not a server/],
  [["tls", "localhost", "--cacert", "/dev/null"], /--cacert: not a regular file: \/dev\/null/],
  [["tls", "localhost", "--cacert", "/no/such.pem"], /--cacert: no such file/],
  [["tls", "localhost", "--cacert", scratch.write("no.pem", "")], /no certificate/],
  [["tls", "localhost", "--cacert", scratch.directory], /--cacert/],
  [["tls", "--targets", scratch.write("none.txt", "# none\n")], /no targets in it/],
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
  const [first] = stdout.split("\n");
  assert.equal(first, `NOT SAFE  localhost:${secure} (127.0.0.1)  grade T (provisional)`);
  for (const text of [
    "TLSv1.3",
    "TLS_AES_128_GCM_SHA256",
    "Refused       SSLv2, SSLv3, TLSv1, TLSv1.1",
    "self-signed",
    "(SSL Labs 2009r); if trust is ignored:",
    "0.3 x 100 protocol",
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
  assertSchema(stdout);
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

test("tls: --targets prints one JSON line per listed target", async () => {
  const file = scratch.write(
    "targets.txt",
    `# two\n127.0.0.1:${secure}\n127.0.0.1:${secure} # again\n\n127.0.0.1:1\n`,
  );
  const { stdout } = await plimsoll(["tls", "--targets", file]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ tls }) => tls[0].state).sort(), ["tls", "tls", "unreachable"]);
});

const states: readonly [name: string, port: number, state: string, exit: number][] = [
  ["TLS", secure, "tls", 2],
  ["an SSH banner", ssh, "not-tls", 2],
  ["nothing listens", 1, "unreachable", 1],
  ["never answers", mute, "unknown", 1],
];
for (const [name, port, state, code] of states) {
  test(`tls: ${name} is ${state}, fits the schema and says the same as text`, async () => {
    const file = scratch.write(`${state}.json`, "");
    const address = `127.0.0.1:${port}`;
    const { exit, stdout } = await plimsoll(
      ["tls", address, "--format", "text", "--format", `json:${file}`, "--verbose"],
      { env: { FORCE_COLOR: "" } },
    );
    const json = readFileSync(file, "utf8");
    assertSchema(json);
    const report = JSON.parse(json);
    const [scan] = report.tls;
    assert.deepEqual([scan.state, report.exitCode, exit], [state, code, code]);
    assert.equal(Object.keys(scan.vulnerabilities).length, 18);
    const flat = stdout.replace(/\s+/g, " ");
    const told = [
      ...(scan.why === undefined ? [] : [scan.why]),
      ...Object.values(scan.suites).flat(),
      ...(scan.groups ?? []),
      ...(scan.certificates ?? []).flatMap(({ problems, names, subject }: TlsCertificate) => [
        ...problems,
        ...names,
        subject,
      ]),
      ...report.controls
        .filter(({ status }: ControlResult) => status === "fail" || status === "warn")
        .flatMap(({ id, findings }: ControlResult) => [
          id,
          // The only address stands in the headline and not before each message.
          ...findings.map(({ message }) =>
            message.startsWith(`${address} `) ? message.slice(address.length + 1) : message,
          ),
        ]),
      ...report.grades.flatMap(({ grade, caps }: Grade) => [
        `grade ${grade}`,
        ...caps.map(({ because }) => because),
      ]),
    ];
    for (const text of told) assert.ok(flat.includes(text.replace(/\s+/g, " ")), text);
    assert.equal(report.grades.length, state === "tls" ? 1 : 0);
    for (const grade of report.grades) {
      assert.deepEqual([grade.host, grade.port, grade.address], ["127.0.0.1", port, "127.0.0.1"]);
    }
  });
}

test("tls: several targets end in a table, one that is named twice twice", async () => {
  const { stdout } = await plimsoll(["tls", `127.0.0.1:${ssh}`, "127.0.0.1:1", `127.0.0.1:${ssh}`]);
  const lines = stdout.trimEnd().split("\n");
  const isSsh = new RegExp(`^-   127\\.0\\.0\\.1:${ssh} +not TLS: `);
  assert.match(lines.at(-6) ?? "", isSsh);
  assert.match(lines.at(-5) ?? "", /^- {3}127\.0\.0\.1:1 +unreachable: /);
  assert.match(lines.at(-4) ?? "", isSsh);
  assert.equal(lines.at(-2), "NOT SAFE");
});
