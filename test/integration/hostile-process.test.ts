import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { FAULTY, SOUND_ENV } from "./hostile-deployments.ts";
import { createScratch, plimsoll, ROOT } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());
const PLIMSOLL = join(ROOT, "bin/plimsoll");

scratch.write("sound/.env", SOUND_ENV);
const sound = join(scratch.directory, "sound");
for (const [path, text] of Object.entries(FAULTY.settings)) scratch.write(`faulty/${path}`, text);
const faulty = join(scratch.directory, "faulty");

/** A hub that takes connections and says nothing. */
const hub = createServer();
let waiting = "";
before(async () => {
  hub.listen(0, "127.0.0.1");
  await new Promise((resolve) => hub.once("listening", resolve));
  const { port } = hub.address() as { port: number };
  const secret = "fixture-7f3d9a1c5e8b2d4f6a0c9e7b31";
  const text = `${SOUND_ENV}HUB_URL=https://127.0.0.1:${port}\nWEBHOOK_SECRET_CLUSTER=${secret}\n`;
  waiting = join(scratch.write("waiting/.env", text), "..");
  scratch.write("waiting/requirements.txt", "Django==5.2\n");
});
after(() => hub.close());

function childrenOf({ pid }: ChildProcess): readonly string[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").split(" ").filter(Boolean) : [];
}

/** Whether a process still does anything: one that ended and was not waited for does not. */
function isAlive(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

interface Interrupted {
  readonly exit: number | null;
  readonly stdout: string;
  readonly elapsedMs: number;
}

/** Runs until `moment` and then sends the signal; leaves nothing behind, or fails. */
async function interrupt(
  args: readonly string[],
  signal: NodeJS.Signals,
  moment: (child: ChildProcess) => Promise<unknown>,
): Promise<Interrupted> {
  const temporary = mkdtempSync(join(scratch.directory, "tmp-"));
  let children: readonly string[] = [];
  let sentAt = 0;
  const { exit, stdout } = await plimsoll(args, {
    env: { TMPDIR: temporary },
    onStart: (child) =>
      void moment(child).then(() => {
        children = childrenOf(child);
        sentAt = performance.now();
        child.kill(signal);
      }),
  });
  assert.deepEqual(children.filter(isAlive), []);
  assert.deepEqual(readdirSync(temporary), []);
  return { exit, stdout, elapsedMs: performance.now() - sentAt };
}

const connected = () => new Promise((resolve) => hub.once("connection", resolve));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`${signal} while the hub is waited for: partial report, exit 3, nothing left`, async () => {
    const run = await interrupt(["audit", waiting, "--format", "json"], signal, connected);
    assert.equal(run.exit, 3);
    assert.ok(run.elapsedMs < 3_000, `${run.elapsedMs} ms`);
    const report = JSON.parse(run.stdout);
    assert.equal(report.exitCode, 3);
    assert.ok(
      report.controls.some(({ because }: { because?: string }) => because === "interrupted"),
    );
  });
}

test("interrupted at any moment: exit 3 or killed before it began, and whole JSON or none", async () => {
  for (const delay of [80, 160, 240, 320, 480, 640]) {
    const at = () => new Promise((resolve) => setTimeout(resolve, delay));
    const run = await interrupt(["audit", waiting, "--format", "json"], "SIGINT", at);
    assert.ok(run.exit === 3 || run.exit === null, `${delay} ms: exit ${run.exit}`);
    if (run.exit === 3) assert.equal(JSON.parse(run.stdout).exitCode, 3);
    else assert.equal(run.stdout, "");
  }
});

test("check-security and collect are interrupted too; never with a clean exit", async () => {
  const drop = await interrupt(["check-security", waiting, "--json"], "SIGINT", connected);
  assert.equal(drop.exit, 1);
  assert.ok(Array.isArray(JSON.parse(drop.stdout)));
  const facts = await interrupt(["collect", waiting], "SIGTERM", connected);
  assert.equal(facts.exit, 3);
  assert.equal(JSON.parse(facts.stdout).schema, "plimsoll.facts/1");
});

test("demo interrupted: exit 3, its folder is gone", async () => {
  for (const delay of [150, 250]) {
    const at = () => new Promise((resolve) => setTimeout(resolve, delay));
    const run = await interrupt(["demo"], "SIGINT", at);
    const isOver = run.exit === 0 && /exit 2\)\n$/.test(run.stdout);
    assert.ok(run.exit === 3 || run.exit === null || isOver, `${delay} ms: exit ${run.exit}`);
  }
});

/** Runs with stdout and stderr where they are told to go. */
async function redirected(
  args: readonly string[],
  stdout: string,
  stderr: "pipe" | "closed" = "pipe",
): Promise<{ readonly exit: number | null; readonly stderr: string }> {
  const words = ["-c", `exec "$@" ${stdout}${stderr === "closed" ? " 2>&-" : ""}`, "sh", PLIMSOLL];
  const child = spawn("/bin/sh", [...words, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exit, stderr: text };
}

const FULL: readonly (readonly string[])[] = [
  ["audit", sound, "--no-host"],
  ["audit", sound, "--no-host", "--format", "json"],
  ["check-security", sound, "--no-host", "--json"],
  ["collect", sound, "--no-host"],
  ["list"],
];
for (const args of FULL) {
  test(`${args[0]} ${args.at(-1)} into a full device: exit 3 and a sentence`, async () => {
    const { exit, stderr } = await redirected(args, ">/dev/full");
    assert.match(stderr, /^plimsoll: cannot write the report: ENOSPC: .*\n$/);
    assert.equal(exit, 3);
  });
}

test("a closed stdout, stderr or stdin changes no verdict", async () => {
  const args = ["audit", faulty, "--no-host"];
  assert.equal((await redirected(args, ">&-")).exit, 2);
  assert.equal((await redirected(args, ">/dev/null", "closed")).exit, 2);
  assert.equal((await redirected(args, ">/dev/null <&-")).exit, 2);
  assert.equal((await redirected(["audit", "--stirct"], ">/dev/null", "closed")).exit, 64);
});

test("a reader that leaves early (| head -1) gets no clean exit for a failed audit", async () => {
  const args = ["audit", faulty, "--no-host", "--format", "json"];
  const exit = await new Promise((resolve) => {
    const child = spawn(PLIMSOLL, args, { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.destroy();
    child.once("close", resolve);
  });
  assert.equal(exit, 2);
});

/** Of a sound deployment: what only people know nobody attests, which is unknown. */
const UNATTESTED = 1;

test("without a usable home the audit is the same, and none is made", async () => {
  const nowhere = join(scratch.directory, "no-home");
  for (const HOME of ["", nowhere, "/etc/passwd", "/dev/full", "/proc"]) {
    const env = { HOME, XDG_STATE_HOME: "" };
    const { exit, stderr } = await plimsoll(["audit", sound, "--no-host"], { env });
    assert.deepEqual([exit, stderr], [UNATTESTED, ""], HOME);
  }
  assert.ok(!existsSync(nowhere));
});

test("a removed working directory: 64 and a sentence, unless the directory is named", async () => {
  const gone = join(scratch.directory, "gone");
  const inGone = (...args: readonly string[]) => {
    mkdirSync(gone);
    return plimsoll(["-c", 'cd "$0" && rmdir "$0" && exec "$@"', gone, PLIMSOLL, ...args], {
      program: "/bin/sh",
    });
  };
  const unnamed = await inGone("audit");
  assert.equal(unnamed.exit, 64);
  assert.match(
    unnamed.stderr,
    /plimsoll: cannot audit .*the working directory was removed.*ENOENT/,
  );
  const named = await inGone("audit", sound, "--no-host");
  assert.equal(named.exit, UNATTESTED);
});

test("processes that vanish while /proc is read lose no answer", async () => {
  const churn = spawn("/bin/sh", ["-c", "while :; do /bin/true & /bin/true; wait; done"]);
  try {
    const { exit, stdout, stderr } = await plimsoll([
      "audit",
      sound,
      "--format",
      "json",
      "--offline",
    ]);
    assert.equal(stderr, "");
    assert.ok(exit === 0 || exit === 1 || exit === 2, `exit ${exit}`);
    const { problems } = JSON.parse(stdout) as { problems: { code: string; detail: string }[] };
    assert.deepEqual(
      problems.filter(({ code }) => code === "crashed"),
      [],
    );
  } finally {
    churn.kill("SIGKILL");
  }
});
