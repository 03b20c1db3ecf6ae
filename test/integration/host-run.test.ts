import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HostError } from "../../src/core/reading.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { OUTPUT_BYTES_MAX } from "../../src/host/local-run.ts";

const { signal } = new AbortController();
const options = { timeoutMs: 5_000, signal };
const host = createLocalHost({
  environment: { HOME: "/home/test", SECRET: "hunter2", HTTPS_PROXY: "http://proxy.test:1" },
});
let root = "";
before(() => {
  root = mkdtempSync(join(tmpdir(), "plimsoll-run-"));
});
after(() => rmSync(root, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

test("arguments reach the program as they are; no shell reads them", async () => {
  const result = await host.run("printf", ["%s|", "a b", "$(id)", "`id`", ";"], options);
  assert.deepEqual(result, { exit: 0, stdout: "a b|$(id)|`id`|;|", stderr: "" });
});

test("exit code, stderr and working directory", async () => {
  const path = script("fails", "#!/bin/sh\npwd; echo bad >&2; exit 3\n");
  assert.deepEqual(await host.run(path, [], { ...options, cwd: "/" }), {
    exit: 3,
    stdout: "/\n",
    stderr: "bad\n",
  });
});

test("the environment is reduced; only tools that fetch advisories know the proxy", async () => {
  const print = "#!/bin/sh\nenv\n";
  const plain = await host.run(script("plain", print), [], options);
  assert.doesNotMatch(plain.stdout, /hunter2|PROXY/);
  assert.match(plain.stdout, /^HOME=\/home\/test$/m);
  assert.match(plain.stdout, /^PATH=\/usr\/local\/sbin:/m);
  const auditor = await host.run(script("pip-audit", print), [], options);
  assert.match(auditor.stdout, /^HTTPS_PROXY=http:\/\/proxy\.test:1$/m);
  assert.doesNotMatch(auditor.stdout, /hunter2/);
});

test("a program that is not there is a missing tool, whatever lies in the working directory", async () => {
  script("evil", "#!/bin/sh\necho ran\n");
  for (const program of [
    "plimsoll-no-such-program",
    "evil",
    "./evil",
    "a\0b",
    join(root, "none"),
  ]) {
    await assert.rejects(host.run(program, [], { ...options, cwd: root }), {
      code: "tool-missing",
    });
  }
  const dull = join(root, "dull");
  writeFileSync(dull, "no program");
  await assert.rejects(host.run(dull, [], options), { code: "denied" });
});

test("at its time limit the whole group is ended", async () => {
  const path = script("parent", `#!/bin/sh\nsleep 60 &\necho $! > ${join(root, "child")}\nwait\n`);
  await assert.rejects(host.run(path, [], { timeoutMs: 300, signal }), { code: "timed-out" });
  const child = readFileSync(join(root, "child"), "utf8").trim();
  await new Promise((resolve) => setTimeout(resolve, 200));
  let state = "";
  try {
    state = /\) (\S)/.exec(readFileSync(`/proc/${child}/stat`, "utf8"))?.[1] ?? "";
  } catch {
    state = "gone";
  }
  assert.match(state, /^(?:gone|Z|X)$/);
});

test("an interrupted audit ends it with the reason given", async () => {
  const stop = new AbortController();
  const running = host.run("sleep", ["60"], { timeoutMs: 60_000, signal: stop.signal });
  setTimeout(() => stop.abort(new HostError("interrupted", "Ctrl-C")), 100);
  await assert.rejects(running, { code: "interrupted", message: "Ctrl-C" });
});

test("output has a limit with two sides", async () => {
  const whole = await host.run("head", ["-c", String(OUTPUT_BYTES_MAX), "/dev/zero"], options);
  assert.equal(whole.stdout.length, OUTPUT_BYTES_MAX);
  await assert.rejects(
    host.run("head", ["-c", String(OUTPUT_BYTES_MAX + 1), "/dev/zero"], options),
    {
      code: "too-large",
    },
  );
  await assert.rejects(host.run("cat", ["/dev/zero"], options), { code: "too-large" });
});
