import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { auditJson, controlOf, createScratch, GOOD_ENV, plimsoll, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
scratch.write("good/.env", GOOD_ENV);
const good = join(scratch.directory, "good");

const usageErrors: readonly [args: readonly string[], says: RegExp][] = [
  [["audti"], /no such command "audti"; did you mean "audit"\?/],
  [["audit", "--stirct"], /unknown option "--stirct"; did you mean "--strict"\?/],
  [["audit", "--format", "jsn"], /no such format "jsn"; did you mean "json"\?/],
  [["audit", "--format", "json", "--format", "text"], /only one format can go to stdout/],
  [["audit", "--format", "json", "--json"], /give one of the two/],
  [["judge", "x", "--format", "text", "--json"], /give one of the two/],
  [["audit", "--format", "json:/nowhere/at/all/report.json"], /cannot write the report: .*ENOENT/],
  [["audit", "/no/such/dir"], /cannot audit \/no\/such\/dir: .*ENOENT/],
  [["audit", "/etc/passwd"], /cannot audit \/etc\/passwd: not a directory/],
  [["audit", ".", "extra"], /unexpected argument "extra"/],
  [
    ["audit", "--only", "env.debgu"],
    /no control answers to "env.debgu"; did you mean "env.debug"\?/,
  ],
  [["audit", "--mode", "boss"], /--mode takes/],
  [["audit", "--now", "yesterday"], /--now takes an ISO 8601/],
  [["audit", "--timeout", "0"], /--timeout takes seconds/],
  [["audit", "--url", "ftp://x"], /--url takes an absolute/],
  [["audit", "--connect-to", "nonsense"], /--connect-to takes/],
  [["audit", "--cacert", "/no/such.pem"], /--cacert: no such file/],
  [["audit", "--cacert", "/etc/passwd"], /--cacert: no certificate \(PEM\) in \/etc\/passwd/],
  [["audit", "--color", "sometimes"], /--color takes auto/],
  [["audit", "--timeout"], /see "plimsoll audit --help"/],
  [["check-security", "--style", "fancy"], /--style takes/],
  [["explain"], /which control/],
  [["explain", "env.debgu"], /did you mean "env.debug"\?/],
  [["judge"], /which facts file/],
  [["judge", "/etc/passwd"], /not JSON/],
  [["judge", join(ROOT, "package.json")], /not a facts file/],
];
for (const [args, says] of usageErrors) {
  test(`usage: ${args.join(" ")} exits 64 with a hint and prints no report`, async () => {
    const { exit, stdout, stderr } = await plimsoll(args, { cwd: good });
    assert.match(stderr, says);
    assert.equal(stderr.trim().split("\n").length, 1);
    assert.equal(stdout, "");
    assert.equal(exit, 64);
  });
}

test("help: overview, each command's options, wherever --help stands", async () => {
  const { exit, stdout } = await plimsoll(["--help"]);
  assert.equal(exit, 0);
  for (const name of [
    "audit",
    "check-security",
    "demo",
    "list",
    "explain",
    "plan",
    "collect",
    "judge",
  ]) {
    assert.match(stdout, new RegExp(`^  ${name} `, "m"));
    const help = await plimsoll([name, "--nonsense", "--help"]);
    assert.equal(help.exit, 0);
    assert.match(help.stdout, new RegExp(`^Usage: plimsoll ${name}`));
  }
});

test("audit: a sound deployment exits 0, its JSON fits the published schema, stderr is silent", async () => {
  const ended = await plimsoll(["audit", good, "--no-host", "--json"]);
  const report: unknown = JSON.parse(ended.stdout);
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(
    JSON.parse(readFileSync(join(ROOT, "schema/report.schema.json"), "utf8")),
  );
  assert.ok(validate(report), JSON.stringify(validate.errors));
  assert.equal(ended.stderr, "");
  assert.equal(ended.exit, 0);
});

test("audit: text and JSON agree, and --format F:FILE writes the file", async () => {
  scratch.write("open/.env", GOOD_ENV.replace("DEBUG=0", "DEBUG=1"), 0o644);
  const directory = join(scratch.directory, "open");
  const file = join(scratch.directory, "report.json");
  const { exit, stdout } = await plimsoll([
    "audit",
    directory,
    "--no-host",
    "--format",
    "text",
    "--format",
    `json:${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(exit, 2);
  assert.equal(report.exitCode, 2);
  const { fail, warn, unknown, pass, skip } = report.summary;
  assert.ok(
    stdout.includes(
      `${fail} failed, ${warn} warned, ${unknown} unknown, ${pass} passed, ${skip} skipped  (exit 2)`,
    ),
  );
  for (const { id, status } of report.controls) {
    const shown =
      status === "pass" || status === "skip" ? id : `${status.toUpperCase().padEnd(8)}  ${id} (`;
    assert.ok(stdout.includes(shown), shown);
  }
});

test("audit: --skip shows what it left out and why, --only leaves the rest away", async () => {
  const skipped = await auditJson(good, "--no-host", "--skip", "env.stage");
  assert.equal(controlOf(skipped, "env.stage").because, "switched-off");
  const only = await auditJson(good, "--no-host", "--only", "env.debug");
  assert.deepEqual(
    only.controls.map(({ id }) => id),
    ["env.debug"],
  );
});

test("audit: --offline answers unknown for what needs a connection, and opens none", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  scratch.write(
    "agent/.env",
    `${GOOD_ENV}HUB_URL=https://127.0.0.1:${port}\nWEBHOOK_SECRET_CLUSTER=fixture-7f3d9a1c5e8b2d4f6a0c9e7b31\n`,
  );
  const report = await auditJson(join(scratch.directory, "agent"), "--no-host", "--offline");
  assert.equal(controlOf(report, "agent.hub-reachable").status, "unknown");
  assert.equal(controlOf(report, "agent.hub-reachable").because, "not-granted");
  assert.equal(connections, 0);
  assert.equal(report.exit, 1);
  const online = await auditJson(join(scratch.directory, "agent"), "--no-host");
  assert.equal(controlOf(online, "agent.hub-reachable").status, "pass");
  assert.ok(connections > 0);
});

test("audit: the whole time limit ends a hanging hub: partial report, exit 3", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  scratch.write(
    "slow/.env",
    `${GOOD_ENV}HUB_URL=https://127.0.0.1:${port}\nWEBHOOK_SECRET_CLUSTER=fixture-7f3d9a1c5e8b2d4f6a0c9e7b31\n`,
  );
  const slow = join(scratch.directory, "slow");
  const report = await auditJson(slow, "--no-host", "--timeout", "3");
  assert.equal(report.exit, 3);
  assert.equal(report.exitCode, 3);
  assert.equal(controlOf(report, "agent.hub-certificate").because, "timed-out");
  assert.equal(controlOf(report, "env.debug").status, "pass");

  const interrupted = await plimsoll(["audit", slow, "--no-host"], {
    // Once the hub is asked everything inside is known, however slow the machine.
    onStart: (child) =>
      server.once("connection", () => setTimeout(() => child.kill("SIGINT"), 500)),
  });
  assert.equal(interrupted.exit, 3);
  assert.match(interrupted.stdout, /^INCOMPLETE: /m);
  assert.match(interrupted.stdout, /agent\.hub-certificate \(high, interrupted\)/);
});

test("collect and judge: the same verdicts as an audit, no secret in the facts", async () => {
  const direct = await auditJson(good, "--no-host");
  const collected = await plimsoll(["collect", good, "--no-host"]);
  assert.equal(collected.exit, 0);
  assert.doesNotMatch(collected.stdout, /Zq8Lw2Rk5/);
  const file = scratch.write("facts.json", collected.stdout);
  const judged = await plimsoll(["judge", file, "--format", "json"]);
  const verdicts = (controls: readonly { id: string; status: string }[]) =>
    controls.map(({ id, status }) => `${id} ${status}`);
  assert.deepEqual(verdicts(JSON.parse(judged.stdout).controls), verdicts(direct.controls));
  assert.equal(judged.exit, direct.exit);
});

test("judge: a fact that is not in the file is unknown, not passed", async () => {
  const { stdout } = await plimsoll(["collect", good, "--no-host"]);
  const facts = JSON.parse(stdout);
  delete facts.facts.environment;
  const file = scratch.write("less.json", JSON.stringify(facts));
  const judged = await plimsoll(["judge", file, "--format", "json", "--only", "env.debug"]);
  const [control] = JSON.parse(judged.stdout).controls;
  assert.deepEqual([control.status, control.because], ["unknown", "not-recorded"]);
});

test("list --coverage names a control for every requirement of seed 1", async () => {
  const { stdout } = await plimsoll(["list", "--coverage", "--json"]);
  const rows: { id: string; controls: string[]; answeredBy?: string }[] = JSON.parse(stdout);
  const seed1 = rows.filter(({ id }) => id.startsWith("S1."));
  assert.equal(seed1.length, 41);
  assert.deepEqual(
    seed1.filter(({ controls, answeredBy }) => controls.length === 0 && answeredBy === undefined),
    [],
  );
  assert.equal(rows.filter(({ id }) => id.startsWith("S2.")).length, 186);
});

test("explain: why, how each layer is read, rule, fix, references", async () => {
  const { exit, stdout } = await plimsoll(["explain", "env.debug"]);
  assert.equal(exit, 0);
  for (const heading of ["Why", "How it is read", "Rule", "Fix", "References"])
    assert.ok(stdout.includes(`\n${heading}\n`));
});

test("plan: names what would be read, run and connected to, and touches nothing", async () => {
  const { exit, stdout } = await plimsoll(["plan", "--json", "--offline"]);
  const rows: { id: string; access: string; isGranted: boolean }[] = JSON.parse(stdout);
  assert.equal(exit, 0);
  assert.ok(rows.some(({ id }) => id === "environment"));
  assert.ok(
    rows.every(
      ({ access, isGranted }) => isGranted === (access !== "connect" && access !== "probe"),
    ),
  );
});

test("demo: writes, serves, audits, reports, tells where, cleans up", async () => {
  const before = readdirSync("/tmp").filter((name) => name.startsWith("plimsoll-demo-"));
  const { exit, stdout, stderr } = await plimsoll(["demo"]);
  assert.equal(exit, 0);
  assert.match(stdout, /^NOT SAFE TO SHIP$/m);
  for (const id of [
    "env.debug",
    "env.secret-key",
    "env.file-permissions",
    "hosts.allowed",
    "hub.bind-address",
    "hub.https-termination",
  ]) {
    assert.match(stdout, new RegExp(`^(?:FAIL|WARN) +${id.replace(".", "\\.")} `, "m"));
  }
  assert.match(
    stdout,
    /Trace: overridden\n +source +on .*\n +config +off .*\n +config +on .*\n +live +on /,
  );
  const folder = /deployment was in (\S+) and is gone/.exec(stderr)?.[1] ?? "";
  assert.match(folder, /plimsoll-demo-/);
  assert.ok(!existsSync(folder));
  assert.deepEqual(
    readdirSync("/tmp").filter((name) => name.startsWith("plimsoll-demo-")),
    before,
  );
});

test("an empty directory is no deployment: nothing passes by default and the report says so", async () => {
  const empty = join(scratch.directory, "empty");
  mkdirSync(empty);
  const { stdout, exit } = await plimsoll(["audit", empty, "--no-host"]);
  assert.doesNotMatch(stdout, /Safe to ship/);
  assert.ok(exit === 0 || exit === 1);
});
