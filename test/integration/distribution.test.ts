import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { createScratch, GOOD_ENV, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
const node = process.execPath;
const executable = join(ROOT, "dist/plimsoll");
const bundle = join(ROOT, "dist/plimsoll.cjs");
const samples = join(ROOT, "test/data/deployments");

/** The three ways it is shipped; the executable alone, in a folder with nothing else. */
const bare = join(scratch.directory, "bare");
mkdirSync(bare);
if (existsSync(executable)) copyFileSync(executable, join(bare, "plimsoll"));
const WAYS: readonly [name: string, command: readonly string[]][] = [
  ["source", [node, "--no-warnings", join(ROOT, "src/cli/main.ts")]],
  ["bundle", [node, bundle]],
  ["executable", [join(bare, "plimsoll")]],
];

function run([program = "", ...first]: readonly string[], args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], {
    cwd: bare,
    env: { PATH: "/nonexistent", PLIMSOLL_FINGERPRINT_KEY: "distribution" },
    encoding: "utf8",
  });
  return { exit: status, stdout: stdout.replace(/"durationMs": \d+/, '"durationMs": 0'), stderr };
}

test("the build is there", () => {
  assert.ok(existsSync(bundle) && existsSync(executable), 'run "npm run build" first');
  assert.ok(statSync(executable).size <= 115_000_000, "the executable is over 115 MB");
});

const cases: readonly (readonly string[])[] = [
  ["--help"],
  ["list", "--coverage"],
  ["explain", "env.secret-key"],
  ["audit", "--stirct"],
  ...[
    "29-no-env-file",
    "35-hosts-computed",
    "52-hub-clean",
    "60-hub-compose-published",
    "62-hub-caddy-plain",
    "64-hub-api-key-generation",
    "66-webui-clean",
    "89-express-clean",
  ].flatMap((name) => {
    const common = [join(samples, name), "--recorded", join(samples, name), "--now", "2026-11-22"];
    return [
      ["audit", ...common, "--format", "json"],
      ["check-security", ...common],
    ];
  }),
];
for (const args of cases) {
  test(`source, bundle and executable answer alike: ${args.slice(0, 2).join(" ").replace(samples, "")}`, () => {
    const [source, ...others] = WAYS.map(([, command]) => run(command, args));
    assert.ok(source !== undefined && source.exit !== null);
    assert.notEqual(source.stdout + source.stderr, "");
    for (const other of others) assert.deepEqual(other, source);
  });
}

test("the executable audits a bare node: no node on PATH, nothing of the application installed", () => {
  scratch.write("node/.env", GOOD_ENV);
  const { exit, stdout, stderr } = run(
    [join(bare, "plimsoll")],
    ["check-security", join(scratch.directory, "node"), "--json", "--no-host"],
  );
  assert.equal(stderr, "");
  assert.match(stdout, /^\[\{"check":"secret_key","status":"pass"/);
  assert.equal(exit, 0);
});
