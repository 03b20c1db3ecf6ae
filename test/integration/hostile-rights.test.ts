import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

import { atOnce, FAULTY, type Files, fifo, SOUND_ENV } from "./hostile-deployments.ts";
import {
  auditJson,
  controlOf,
  createScratch,
  type Ended,
  plimsoll,
  type ReportJson,
  ROOT,
} from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

/** Lays out files that everybody may read, in a directory of its own. */
function layOut(name: string, files: Files): string {
  const directory = join(scratch.directory, name);
  mkdirSync(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "function") continue;
    const text = typeof content === "string" ? content.replaceAll("@ROOT@", directory) : content;
    scratch.write(join(name, path), text, 0o644);
  }
  return directory;
}

const PLIMSOLL = join(ROOT, "bin/plimsoll");
/** `nobody`, by number: it has no access of its own to anything here. */
const NOBODY = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

async function auditAsNobody(directory: string): Promise<ReportJson & Ended> {
  const args = [PLIMSOLL, "audit", directory, "--no-host", "--offline", "--format", "json"];
  const ended = await plimsoll([...NOBODY, ...args], { program: "setpriv", cwd: "/" });
  return { ...(JSON.parse(ended.stdout) as ReportJson), ...ended };
}

/** Path, closed to all but root, and the controls that then cannot be told. */
const CLOSED: readonly (readonly [keyof typeof FAULTY, string, readonly string[]])[] = [
  ["settings", ".env", ["env.debug", "env.parse", "env.stage", "mode.declared"]],
  ["settings", "config/settings.py", ["env.debug", "env.secret-key", "env.secret-in-vcs"]],
  ["settings", "config", ["env.secret-in-vcs"]],
  [
    "settings",
    ".",
    ["env.debug", "env.secret-key", "env.file-copies", "env.parse", "mode.declared"],
  ],
  ["compose", "docker-compose.yml", ["env.debug", "env.secret-key", "agent.hub-https"]],
  ["compose", "deploy/prod.env", ["env.secret-key", "agent.hub-https"]],
  ["compose", "deploy", ["env.secret-key", "agent.hub-https"]],
  ["unit", "monitor.service", ["env.debug", "env.secret-key", "hosts.allowed"]],
  ["unit", "etc/app.env", ["env.secret-key", "hosts.allowed"]],
  ["flask", "conf.py", ["env.debug", "env.secret-in-vcs"]],
  ["fastapi", "main.py", ["env.debug"]],
];

const canBeNobody =
  process.getuid?.() === 0 && ["/usr/bin/setpriv", "/bin/setpriv"].some((path) => existsSync(path));

/** What passes only because it could not be looked at. That a file is closed is what one control asks for. */
function falsePasses(before: ReportJson, now: ReportJson): readonly string[] {
  return now.controls
    .filter(({ id, status }) => status === "pass" && id !== "env.file-permissions")
    .filter(({ id }) => !["pass", "skip"].includes(controlOf(before, id).status))
    .map(({ id, summary }) => `${id} passes: ${summary}`);
}

function untold(now: ReportJson, hidden: readonly string[], path: string): readonly string[] {
  return hidden
    .map((id) => controlOf(now, id))
    .filter(({ status, because = "", summary }) => {
      const isNamed = path === "." || summary.includes(path);
      return status !== "unknown" || !/^(?:denied|malformed)$/.test(because) || !isNamed;
    })
    .map(({ id, status, because, summary }) => `${id} is ${status} (${because}): ${summary}`);
}

test("as nobody, what root alone may read is denied and named, never passed", {
  skip: canBeNobody ? false : "needs root and setpriv to take another uid",
}, async () => {
  const wrong: string[] = [];
  await atOnce(CLOSED, async ([of, path, hidden]) => {
    const directory = layOut(`closed-${of}-${path.replaceAll("/", "-")}`, FAULTY[of]);
    const before = await auditAsNobody(directory);
    const target = join(directory, path);
    chmodSync(target, statSync(target).isDirectory() ? 0o700 : 0o600);
    const now = await auditAsNobody(directory);
    const faults = [...falsePasses(before, now), ...untold(now, hidden, path)];
    wrong.push(...faults.map((fault) => `${of}/${path}: ${fault}`));
    assert.equal(now.stderr, "");
  });
  assert.deepEqual(wrong, []);
});

test("a directory that is no deployment: nothing is passed for want of a subject", async () => {
  const music = layOut("music", { "a.mp3": Buffer.alloc(5_000, 0xff), "notes.txt": "buy milk\n" });
  const { exit, stdout } = await plimsoll(["audit", music, "--no-host"]);
  assert.equal(exit, 1); // What only people know is unknown here as well.
  assert.match(stdout, /^Nothing here could be judged: is this the right directory\?$/m);
});

test("200,000 files: bounded, and what was not listed is not taken for absent", async () => {
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const directory = mkdtempSync(join(base, "plimsoll-test-"));
  try {
    const fill =
      'cd "$0"; for d in $(seq 200); do mkdir d$d; (cd d$d && seq 1000 | xargs touch); done';
    const filler = spawn("/bin/sh", ["-c", fill, directory]);
    await new Promise((resolve) => filler.once("close", resolve));
    const started = performance.now();
    const report = await auditJson(directory, "--no-host");
    assert.ok(performance.now() - started < 15_000);
    assert.equal(report.exit, 1);
    const { status, summary } = controlOf(report, "env.debug");
    assert.equal(status, "unknown");
    assert.match(summary, /holds more than is listed/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("links that lead round, up and out are not followed without end", async () => {
  const directory = layOut("links", { ".env": SOUND_ENV, "config/settings.py": "DEBUG = False\n" });
  symlinkSync("..", join(directory, "config/up"));
  symlinkSync("/", join(directory, "root"));
  symlinkSync("/proc", join(directory, "proc"));
  symlinkSync("b", join(directory, "a"));
  symlinkSync("a", join(directory, "b"));
  symlinkSync("/proc/self/mem", join(directory, "manage.py"));
  symlinkSync("/proc/kmsg", join(directory, "Caddyfile"));
  const started = performance.now();
  const report = await auditJson(directory, "--no-host");
  assert.ok(performance.now() - started < 15_000);
  assert.ok(report.exit === 1 || report.exit === 2, `exit ${report.exit}`);
  assert.equal(controlOf(report, "env.stage").status, "pass");
});

test("no program of the caller's PATH or of the audited directory is run", async () => {
  const marker = join(scratch.directory, "was-run");
  const script = `#!/bin/sh\ntouch ${marker}\nyes '{}'\n`;
  const directory = layOut("tools", { ".env": SOUND_ENV, "requirements.txt": "Django==3.2\n" });
  for (const name of ["pip-audit", "uv", "npm", "getfacl", "git", "nginx", "python3"]) {
    for (const place of ["tools/bin", "tools/.venv/bin", "tools/node_modules/.bin"])
      scratch.write(`${place}/${name}`, script, 0o755);
  }
  scratch.write("tools/.venv/pyvenv.cfg", "home = /usr/bin\n");
  const PATH = `${join(directory, "bin")}:${join(directory, ".venv/bin")}:/usr/bin:/bin`;
  const { exit, stderr } = await plimsoll(["audit", directory, "--offline"], {
    env: { PATH },
    cwd: directory,
  });
  assert.equal(stderr, "");
  assert.ok(exit === 1 || exit === 2, `exit ${exit}`);
  assert.ok(!existsSync(marker));
});

test("an auditor that prints 8 MB of nonsense gives no answer, and costs none", async () => {
  const directory = layOut("nonsense", { ".env": SOUND_ENV, "requirements.txt": "Django==3.2\n" });
  const recorded = join(scratch.directory, "nonsense-recorded");
  const answer = { "pip-audit": { exit: 1, stdout: "[".repeat(8_000_000), stderr: "" } };
  scratch.write("nonsense-recorded/commands.json", JSON.stringify(answer));
  const report = await auditJson(directory, "--recorded", recorded);
  assert.equal(controlOf(report, "deps.audit").status, "unknown");
  assert.equal(controlOf(report, "env.debug").status, "pass");
});

const MALFORMED: readonly (readonly [file: string, content: string | typeof fifo, says: RegExp])[] =
  [
    ["meta.json", "{", /meta\.json: is not valid JSON/],
    ["meta.json", "[]", /meta\.json: the record must be an object/],
    ["meta.json", '{"files":{".env":{"mode":640}}}', /meta\.json: "mode" must be a string/],
    ["meta.json", fifo, /meta\.json: not a regular file/],
    ["meta.json", (path) => mkdirSync(path), /meta\.json: not a regular file/],
    ["listeners.json", "{}", /listeners\.json: must be a list/],
    [
      "listeners.json",
      '[{"address":"::","port":"http"}]',
      /listeners\.json: "port" must be a number/,
    ],
    ["processes.json", "[1]", /processes\.json: element 0 must be an object/],
    ["process-env.json", "[]", /process-env\.json: /],
    ["net.json", "7", /net\.json: /],
    ["commands.json", "\0", /commands\.json: is not valid JSON/],
    ["commands.json", "[".repeat(200_000), /commands\.json: is not valid JSON/],
  ];

test("a malformed record: 64, one sentence that names the file, no report", async () => {
  const directory = layOut("sound", { ".env": SOUND_ENV });
  await atOnce([...MALFORMED.entries()], async ([index, [file, content, says]]) => {
    const recorded = join(scratch.directory, `record-${index}`);
    mkdirSync(recorded);
    if (typeof content === "function") content(join(recorded, file));
    else scratch.write(join(`record-${index}`, file), content);
    const ended = await plimsoll(["audit", directory, "--recorded", recorded]);
    assert.match(ended.stderr, says);
    assert.equal(ended.stderr.trimEnd().split("\n").length, 1);
    assert.deepEqual([ended.exit, ended.stdout], [64, ""]);
  });
});

test("judge: no facts, no file, no end, nobody who writes", async () => {
  const directory = dirname(scratch.write("facts/none.json", "{}"));
  for (const path of ["/dev/zero", "/dev/null", directory, join(directory, "none.json")]) {
    const { exit, stdout, stderr } = await plimsoll(["judge", path]);
    assert.deepEqual([exit, stdout, stderr.split("\n").length], [64, "", 2], path);
  }
  const pipe = join(directory, "pipe");
  fifo(pipe);
  const waiting = await plimsoll(["judge", pipe], {
    onStart: (child) => setTimeout(() => child.kill("SIGINT"), 1_000),
  });
  assert.deepEqual([waiting.exit, waiting.stdout], [3, ""]);
});
