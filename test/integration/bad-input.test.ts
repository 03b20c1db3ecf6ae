import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import {
  auditJson,
  controlOf,
  createScratch,
  GOOD_ENV,
  plimsoll,
  type Scratch,
} from "./plimsoll.ts";

const SETTINGS = `import os
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG", "1") == "1"
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
`;
const ESCAPES = "\u001b]0;owned\u0007\u001b[2J\u202e";

interface Damage {
  readonly name: string;
  readonly make: (scratch: Scratch) => void;
  /** Controls that must not pass, and the one that must still be answered. */
  readonly notPassed: readonly string[];
  readonly stillPasses?: string;
}

const env = (scratch: Scratch, text: string | Uint8Array) => scratch.write(".env", text);
const CASES: readonly Damage[] = [
  {
    name: "empty .env",
    make: (s) => env(s, ""),
    notPassed: [],
    stillPasses: "env.file-permissions",
  },
  {
    name: "binary .env",
    make: (s) =>
      env(
        s,
        Uint8Array.from({ length: 4096 }, (_, at) => (at * 37) % 256),
      ),
    notPassed: ["env.secret-key"],
  },
  {
    name: "100 MB .env",
    make: (s) => truncateSync(env(s, GOOD_ENV), 100_000_000),
    notPassed: ["env.secret-key", "env.debug", "hosts.allowed"],
  },
  {
    name: ".env with NUL bytes",
    make: (s) => env(s, GOOD_ENV.replace("DEBUG=0", "DEBUG=\u0000 1")),
    notPassed: ["env.debug"],
  },
  {
    name: ".env is a directory",
    make: (s) => s.write(".env/x", "x"),
    notPassed: ["env.secret-key"],
  },
  {
    name: ".env is a FIFO",
    make: (s) => execFileSync("mkfifo", [join(s.directory, ".env")]),
    notPassed: ["env.secret-key"],
  },
  {
    name: ".env links to itself",
    make: (s) => symlinkSync(".env", join(s.directory, ".env")),
    notPassed: ["env.secret-key"],
  },
  {
    name: ".env is a dangling link",
    make: (s) => symlinkSync("/nowhere/env", join(s.directory, ".env")),
    notPassed: ["env.secret-key"],
  },
  {
    name: "settings that do not parse",
    make: (s) => {
      env(s, GOOD_ENV.replace(/DJANGO_DEBUG.*\n/, ""));
      s.write("config/settings.py", "DEBUG = (((\n\u0000");
    },
    notPassed: ["env.debug"],
    stillPasses: "env.secret-key",
  },
  {
    name: "10,000 brackets in settings",
    make: (s) => {
      env(s, GOOD_ENV);
      s.write("config/settings.py", `${SETTINGS}X = ${"[".repeat(10_000)}\n`);
    },
    notPassed: [],
    stillPasses: "env.secret-key",
  },
  {
    name: "settings import themselves",
    make: (s) => {
      env(s, GOOD_ENV);
      s.write("config/settings.py", `from .settings import *\n${SETTINGS}`);
    },
    notPassed: [],
    stillPasses: "env.debug",
  },
  {
    name: "nginx includes itself",
    make: (s) => {
      env(
        s,
        `${GOOD_ENV}CLUSTER_ENABLED=1\nWEBHOOK_SECRET_CLUSTER=fixture-7f3d9a1c5e8b2d4f6a0c9e7b31\n`,
      );
      s.write("nginx.conf", "include nginx.conf;\nserver { listen 80; }\n");
    },
    notPassed: ["hub.reverse-proxy", "hub.https-termination"],
    stillPasses: "hub.cluster-secret",
  },
  {
    name: "YAML alias bomb",
    make: (s) => {
      env(s, GOOD_ENV);
      s.write(
        "docker-compose.yml",
        `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
          .split("")
          .map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghi"[at]}`).join(",")}]`)
          .join("\n")}\n`,
      );
    },
    notPassed: ["env.file-permissions"],
    stillPasses: "env.stage",
  },
  {
    name: "directories linked in a loop",
    make: (s) => {
      env(s, GOOD_ENV);
      symlinkSync("..", join(s.directory, "loop"));
    },
    notPassed: [],
    stillPasses: "env.secret-key",
  },
];

for (const { name, make, notPassed, stillPasses } of CASES) {
  test(`bad input: ${name}`, async () => {
    const scratch = createScratch();
    after(() => scratch.remove());
    make(scratch);
    const report = await auditJson(scratch.directory, "--no-host");
    assert.equal(report.stderr, "");
    assert.ok([0, 1, 2].includes(report.exitCode), `exit ${report.exitCode}`);
    assert.ok(report.controls.every(({ because }) => because !== "crashed"));
    for (const id of notPassed) assert.notEqual(controlOf(report, id).status, "pass", id);
    if (stillPasses !== undefined) assert.equal(controlOf(report, stillPasses).status, "pass");
  });
}

test("secrets and terminal escapes never reach any output", async () => {
  const scratch = createScratch();
  after(() => scratch.remove());
  const canary = (at: number) => `CANARY${at}x7Qw9Zr2Lk5Tn8Vb3Mc6Hd1`;
  env(
    scratch,
    `DJANGO_SECRET_KEY=${canary(1)}${canary(1)}\nDJANGO_DEBUG=0${ESCAPES}\nDJANGO_ALLOWED_HOSTS=${ESCAPES}\nHUB_URL=https://svc:${canary(2)}@127.0.0.1:1/?token=${canary(3)}\nWEBHOOK_SECRET_CLUSTER=${canary(4)}${canary(4)}\nDATABASE_URL=postgres://u:${canary(5)}@db/x\nSENTRY_DSN=https://${canary(6)}@sentry.test/1\n`,
  );
  scratch.write(".env.bak", `DJANGO_SECRET_KEY=${canary(1)}${canary(1)}\n`, 0o644);
  scratch.write(
    "config/settings.py",
    `SECRET_KEY = "${canary(7)}${canary(7)}"\nAPI_TOKEN = "${canary(8)}"\n`,
  );
  scratch.write(
    "app.service",
    `[Service]\nEnvironment=API_TOKEN=${canary(8)}\nExecStart=/usr/bin/gunicorn config.wsgi --password=${canary(9)} ${ESCAPES}\n`,
  );
  scratch.write(
    "docker-compose.yml",
    `services:\n  web:\n    build: .\n    command: gunicorn --bind 0.0.0.0:8000\n    environment:\n      DJANGO_SECRET_KEY: ${canary(1)}${canary(1)}\n`,
  );
  scratch.write("Dockerfile", `FROM python\nENV API_TOKEN=${canary(8)}\n`);
  const { directory } = scratch;
  const runs: readonly (readonly string[])[] = [
    ["audit", directory, "--no-host"],
    ["audit", directory, "--no-host", "-v"],
    ["audit", directory, "--no-host", "--format", "json"],
    ["check-security", directory, "--no-host"],
    ["check-security", directory, "--no-host", "--json", "--all"],
    ["check-security", directory, "--no-host", "--style", "reference"],
    ["collect", directory, "--no-host", "--debug"],
  ];
  for (const args of runs) {
    const { exit, stdout, stderr } = await plimsoll(args);
    assert.ok(stdout.length > 100, args.join(" "));
    assert.doesNotMatch(stdout + stderr, /CANARY|x7Qw9Zr2/, args.join(" "));
    const isText = !args.includes("json") && !args.includes("--json") && args[0] !== "collect";
    if (isText)
      assert.doesNotMatch(
        stdout + stderr,
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/,
        args.join(" "),
      );
    assert.notEqual(exit, 70);
  }
});

test("a directory of another user's secrets is unknown, never passed", async (context) => {
  if (process.getuid?.() !== 0) return context.skip("needs root to become someone else");
  const scratch = createScratch();
  after(() => scratch.remove());
  env(scratch, GOOD_ENV);
  const ended = await plimsoll(
    [
      "--reuid",
      "65534",
      "--regid",
      "65534",
      "--clear-groups",
      join(import.meta.dirname, "../../bin/plimsoll"),
      "audit",
      scratch.directory,
      "--format",
      "json",
    ],
    { program: "/usr/bin/setpriv" },
  );
  const report = { ...JSON.parse(ended.stdout), ...ended };
  for (const id of ["env.secret-key", "env.debug", "hosts.allowed", "env.parse"]) {
    assert.equal(controlOf(report, id).status, "unknown", id);
    assert.match(controlOf(report, id).summary, /\.env/);
  }
  assert.equal(report.exit, 1);
});

test("a file in another account's directory is a usage error, not a bug of ours", async (context) => {
  if (process.getuid?.() !== 0) return context.skip("needs root to become someone else");
  const scratch = createScratch();
  after(() => scratch.remove());
  const closed = scratch.write("closed/ca.pem", "x");
  chmodSync(join(scratch.directory, "closed"), 0o700);
  const asNobody = (...args: readonly string[]) =>
    plimsoll(
      [
        ...["--reuid", "65534", "--regid", "65534", "--clear-groups"],
        ...[join(import.meta.dirname, "../../bin/plimsoll"), ...args],
      ],
      { program: "/usr/bin/setpriv", env: { HOME: join(scratch.directory, "closed") } },
    );
  for (const args of [
    ["audit", scratch.directory, "--cacert", closed],
    ["attest", "key", "--who", "Alice Example"],
  ]) {
    const { exit, stderr } = await asNobody(...args);
    assert.equal(exit, 64, stderr);
    assert.match(stderr, /EACCES|permission denied/);
  }
});
