import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { makeCertificates, startReplay } from "./http-replay.ts";
import type { Scenario } from "./http-scenario.ts";
import { createScratch, plimsoll, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
const certificates = makeCertificates(scratch.directory);
const scenario: Scenario = {
  site: "www.example.com",
  routes: [
    {
      scheme: "http",
      path: "/*",
      status: 301,
      headers: [["Location", "https://www.example.com/"]],
    },
    {
      scheme: "https",
      headers: [
        ["Content-Type", "text/html"],
        ["Strict-Transport-Security", "max-age=31536000"],
        ["Set-Cookie", "session=AbCdEf0123456789; Secure; HttpOnly; SameSite=Lax"],
        ["X-Odd", "\u009b31mred"],
      ],
      body: '<a href="/about">about</a>',
    },
    { scheme: "https", path: "/about", headers: [["Content-Type", "text/html"]] },
  ],
};
const replay = await startReplay(scenario, certificates);
after(() => replay.close());
const place = [
  ...["--http-port", String(replay.httpPort), "--https-port", String(replay.httpsPort)],
  ...["--connect-to", "::127.0.0.1:", "--cacert", certificates.caFile],
];

const usageErrors: readonly [args: readonly string[], says: RegExp][] = [
  [["http"], /which site/],
  [["http", "ftp://a.example"], /is not a site/],
  [["http", "https://a b/"], /is not a site/],
  [["http", "a.example", "--targets", "x"], /not both/],
  [["http", "--targets", "/no/such/file"], /cannot read the targets/],
  [["http", "a.example", "--header", "no colon"], /--header takes NAME:VALUE/],
  [["http", "a.example", "--header", "Host: b"], /--header cannot set Host/],
  [["http", "a.example", "--path", "login"], /--path takes an absolute path/],
  [["http", "a.example", "--path", "//b.example/"], /--path takes an absolute path/],
  [["http", "a.example", "--http-port", "0"], /--http-port takes a port/],
  [["http", "a.example", "--max-time", "16"], /--max-time takes seconds/],
  [["http", "a.example", "--hsts-preload", "/no/such"], /--hsts-preload/],
  [["http", "a.example", "--cacert", "/no/such.pem"], /--cacert/],
];
for (const [args, says] of usageErrors) {
  test(`usage: ${args.join(" ")} exits 64`, async () => {
    const { exit, stdout, stderr } = await plimsoll(args);
    assert.match(stderr, says);
    assert.deepEqual([exit, stdout], [64, ""]);
  });
}

test("a wrong --header never shows its value", async () => {
  const { exit, stderr } = await plimsoll([
    "http",
    "a.example",
    "--header",
    "A: s3cr3t\u0001value",
  ]);
  assert.equal(exit, 64);
  assert.doesNotMatch(stderr, /s3cr3t/);
});

test("text: problems first, then the way, the grade with its sum and the next step; nothing obeys it", async () => {
  const { exit, stdout } = await plimsoll(["http", "www.example.com", "--verbose", ...place]);
  assert.equal(exit, 2);
  assert.match(
    stdout,
    /^FAIL {6}grade\.observatory: The score of https:\/\/www\.example\.com\/ is 50, C$/m,
  );
  for (const text of [
    "  http          301 http://www.example.com",
    "  Observatory   C (50): 100 - 50 = 50; a bonus of 5 counts from 90 points on; 9 of 12 tests passed",
    "-25  csp-not-implemented",
    "Next grade    B (70) by the least work:",
    "Set-Cookie: session=xxxxxxxxxxxxxxxx; Secure; HttpOnly; SameSite=Lax",
    "X-Odd: \\u{9b}31mred",
    "/about (HTTP/1.1)",
  ]) {
    assert.ok(stdout.includes(text), `${text}\n${stdout}`);
  }
  assert.ok(
    stdout.split("\n").every((line) => line.length <= 100 || line.includes("Fix:")),
    stdout,
  );
  assert.doesNotMatch(stdout, /AbCdEf/);
});

test("json: valid by the published schema, grades and site in it, secrets not", async () => {
  const { exit, stdout } = await plimsoll([
    "http",
    "https://www.example.com/?token=topsecret99&pin=4711x",
    "--json",
    ...["--header", "Authorization: Bearer abcdefgh12345"],
    ...place,
  ]);
  assert.equal(exit, 2);
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  const schema = JSON.parse(readFileSync(`${ROOT}/schema/report.schema.json`, "utf8"));
  const validate = ajv.compile(schema);
  assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
  const report = JSON.parse(stdout);
  assert.deepEqual(
    report.grades.map(({ method, grade }: { method: string; grade: string }) => [method, grade]),
    [
      ["mdn-observatory", "C"],
      ["securityheaders", "F"],
    ],
  );
  assert.equal(report.http[0].judged, "https");
  assert.doesNotMatch(stdout, /topsecret99|4711x|abcdefgh12345|AbCdEf/);
});

test("--targets: one JSON line a site, the worst exit code", async () => {
  const list = scratch.write(
    "sites.txt",
    "# sites\nwww.example.com\nhttps://www.example.com/about # more\n",
  );
  const { exit, stdout } = await plimsoll(["http", "--targets", list, ...place]);
  const urls = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).http[0].url);
  assert.deepEqual(urls.sort(), ["https://www.example.com/", "https://www.example.com/about"]);
  assert.equal(exit, 2);
});

test("a run out of time ends with 3 and the report", async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const { port } = mute.address() as AddressInfo; // TCP.
  const { exit, stdout } = await plimsoll([
    "http",
    `http://127.0.0.1:${port}/`,
    "--timeout",
    "1",
    "--json",
  ]);
  mute.closeAllConnections();
  mute.close();
  assert.equal(exit, 3);
  assert.deepEqual(JSON.parse(stdout).http, []);
});

test("audit --url carries the same grades", async () => {
  scratch.write("app/.env", "A=1\n");
  const { stdout } = await plimsoll([
    "audit",
    `${scratch.directory}/app`,
    ...["--url", "https://www.example.com/", "--no-host", "--format", "json", "--only", "grade.*"],
    ...place,
  ]);
  const methods = JSON.parse(stdout).grades.map(({ method }: { method: string }) => method);
  assert.ok(methods.includes("mdn-observatory"), stdout.slice(0, 500));
});
