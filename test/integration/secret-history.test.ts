import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { createScratch, plimsoll } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

const SECRET = createHash("sha256").update("a secret of the past").digest("base64url").slice(0, 40);
const directory = join(scratch.directory, "past");

function git(...args: readonly string[]): void {
  const author = ["-c", "user.name=t", "-c", "user.email=t@example.test"];
  execFileSync("git", [...author, ...args], { cwd: directory, stdio: "ignore" });
}

function write(path: string, text: string): void {
  writeFileSync(join(directory, path), text, { mode: 0o600 });
}

mkdirSync(directory);
git("init", "-q");
write(".gitignore", ".env\n");
write("manage.py", "");
write("settings.py", `SECRET_KEY = "${SECRET}"\n`);
git("add", "-A");
git("commit", "-qm", "the key is written down");
write("settings.py", 'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\n');
git("commit", "-qam", "and taken out again");
write(".env", `SECRET_KEY=${SECRET}\n`);
// What the repository configures itself must not run.
const ran = join(scratch.directory, "ran");
for (const key of ["core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv"])
  git("config", key, `touch ${ran}; true`);
write(".git/info/attributes", "* diff=x\n");

async function inVcs(...more: readonly string[]) {
  const args = [
    "audit",
    directory,
    "--no-host",
    "--offline",
    "--only",
    "env.secret-in-vcs",
    ...more,
  ];
  const { stdout, stderr } = await plimsoll([...args, "--format", "json"]);
  assert.ok(!(stdout + stderr).includes(SECRET.slice(0, 12)));
  const report = JSON.parse(stdout) as {
    controls: { status: string; findings: { rule: string; evidence: { file: string }[] }[] }[];
  };
  return report.controls[0] ?? assert.fail();
}

test("a secret that was committed once is found with --deep alone, by a git that runs nothing else", async () => {
  assert.equal((await inVcs()).status, "pass");
  const { status, findings } = await inVcs("--deep");
  assert.equal(status, "fail");
  assert.deepEqual(
    findings.map(({ rule, evidence }) => `${rule} ${evidence[0]?.file}`),
    ["secret-in-history settings.py"],
  );
  assert.throws(() => execFileSync("test", ["-e", ran]));
});
