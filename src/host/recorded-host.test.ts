import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "./memory-host.ts";
import { createRecordedHost } from "./recorded-host.ts";
import { recordedCommands, recordedMeta } from "./recorded-meta.ts";

const ROOT = "/copy/app";

function recorded(
  files: Readonly<Record<string, string | MemoryFile>>,
  meta?: object,
  commands?: object,
  hidden?: ReadonlySet<string>,
) {
  return createRecordedHost(createMemoryHost({ files }), {
    root: ROOT,
    ...(meta && { meta: recordedMeta(JSON.stringify(meta), "meta.json") }),
    ...(commands && { commands: recordedCommands(JSON.stringify(commands), "commands.json") }),
    ...(hidden && { hidden }),
  });
}
const signal = new AbortController().signal;
const modes = async (
  answer: Promise<{ kind: string; mode: number; owner: string; group: string }>,
) => {
  const { kind, mode, owner, group } = await answer;
  return `${kind} ${mode.toString(8)} ${owner}:${group}`;
};

test("modes and owners are those of the record, else the defaults", async () => {
  const host = recorded(
    { [`${ROOT}/.env`]: "A=1", [`${ROOT}/sub/x`]: "x" },
    { files: { ".": { mode: "0777" }, ".env": { mode: "4600", owner: "root" } } },
  );
  assert.equal(await modes(host.stat(`${ROOT}/.env`)), "file 4600 root:svc");
  assert.equal(await modes(host.stat(ROOT)), "directory 777 svc:svc");
  assert.equal(await modes(host.stat(`${ROOT}/sub`)), "directory 755 svc:svc");
  assert.equal(await modes(host.lstat(`${ROOT}/sub/x`)), "file 644 svc:svc");
  assert.equal(await modes(host.stat("/copy")), "directory 755 root:root");
  assert.equal(await host.readFile(`${ROOT}/.env`, 100), "A=1");
  await assert.rejects(host.stat(`${ROOT}/none`), { reason: "ENOENT" });
});

test("denied: text, and modes", async () => {
  const host = recorded(
    { [`${ROOT}/a`]: "secret", [`${ROOT}/b`]: "B" },
    { files: { a: { mode: "0600", readable: false }, b: { statDenied: true } } },
  );
  await assert.rejects(host.readFile(`${ROOT}/a`, 10), { code: "denied" });
  await assert.rejects(host.readBytes(`${ROOT}/a`, 10), { code: "denied" });
  assert.equal((await host.stat(`${ROOT}/a`)).mode, 0o600);
  await assert.rejects(host.stat(`${ROOT}/b`), { code: "denied" });
  await assert.rejects(host.lstat(`${ROOT}/b`), { code: "denied" });
  assert.equal(await host.readFile(`${ROOT}/b`, 10), "B");
});

test("a recorded link inside the root", async () => {
  const host = recorded(
    { [`${ROOT}/shared/env`]: "A=1" },
    {
      files: {
        ".env": { symlink: "shared/env" },
        "shared/env": { mode: "0640", group: "www-data" },
      },
    },
  );
  assert.equal((await host.lstat(`${ROOT}/.env`)).kind, "link");
  assert.equal(await host.readLink(`${ROOT}/.env`), "shared/env");
  assert.equal(await host.realPath(`${ROOT}/.env`), `${ROOT}/shared/env`);
  assert.equal(await modes(host.stat(`${ROOT}/.env`)), "file 640 svc:www-data");
  assert.equal(await host.readFile(`${ROOT}/.env`, 10), "A=1");
});

test("a recorded link out of the root: its own entry tells the target's modes", async () => {
  const host = recorded(
    { [`${ROOT}/.env`]: "A=1" },
    { files: { ".env": { symlink: "/etc/monitor/env", mode: "0640", owner: "root" } } },
  );
  assert.equal((await host.lstat(`${ROOT}/.env`)).kind, "link");
  assert.equal(await host.realPath(`${ROOT}/.env`), "/etc/monitor/env");
  assert.equal(await modes(host.stat(`${ROOT}/.env`)), "file 640 root:svc");
  assert.equal(await modes(host.lstat("/etc/monitor/env")), "file 640 root:svc");
  assert.equal(await modes(host.stat("/etc/monitor")), "directory 755 root:root");
  assert.equal(await host.readFile("/etc/monitor/env", 10), "A=1");
  const listed = await recorded(
    { [`${ROOT}/.env`]: "" },
    { files: { ".env": { symlink: "/x" } } },
  ).readDirEntries(ROOT);
  assert.deepEqual(listed, [{ name: ".env", kind: "link" }]);
});

test("dangling and looping recorded links", async () => {
  const host = recorded(
    { [`${ROOT}/x`]: "" },
    {
      files: {
        ".env": { symlink: "gone" },
        a: { symlink: "b" },
        b: { symlink: "a" },
        c: { symlink: "c" },
      },
    },
  );
  await assert.rejects(host.stat(`${ROOT}/.env`), { reason: "ENOENT" });
  await assert.rejects(host.readFile(`${ROOT}/.env`, 1), { reason: "ENOENT" });
  await assert.rejects(host.stat(`${ROOT}/a`), { reason: "ELOOP" });
  await assert.rejects(host.readFile(`${ROOT}/c`, 1), { reason: "ELOOP" });
});

test("outside the root nothing was recorded, also not through a real link", async () => {
  const host = recorded(
    { [`${ROOT}/leak`]: { link: "/etc/passwd" }, "/etc/passwd": "root", [`${ROOT}/a`]: "" },
    { files: {} },
  );
  for (const ask of [
    host.readFile("/etc/passwd", 10),
    host.readFile(`${ROOT}/leak`, 10),
    host.readFile(`${ROOT}/../../etc/passwd`, 10),
    host.stat("/etc/passwd"),
    host.readDir("/proc"),
    host.addresses(),
    host.connect("a", 1, { timeoutMs: 1, signal }),
    host.handshake("a", 1, { timeoutMs: 1, signal }),
  ]) {
    await assert.rejects(ask, { code: "not-recorded" });
  }
});

test("ACL: extended entries only", async () => {
  const acl = ["user::rw-", "user:alice:r--", "group::r--", "mask::r--", "other::---"];
  const host = recorded({ [`${ROOT}/a`]: "", [`${ROOT}/b`]: "" }, { files: { a: { acl } } });
  assert.deepEqual(await host.acl(`${ROOT}/a`, signal), ["user:alice:r--", "mask::r--"]);
  assert.deepEqual(await host.acl(`${ROOT}/b`, signal), []);
});

test("without meta.json modes are not known, the text and what is missing are", async () => {
  const host = recorded({ [`${ROOT}/.env`]: "A=1" });
  await assert.rejects(host.stat(`${ROOT}/.env`), { code: "not-recorded" });
  await assert.rejects(host.lstat(`${ROOT}/.env`), { code: "not-recorded" });
  await assert.rejects(host.acl(`${ROOT}/.env`, signal), { code: "not-recorded" });
  await assert.rejects(host.stat(`${ROOT}/none`), { reason: "ENOENT" });
  assert.equal(await host.readFile(`${ROOT}/.env`, 10), "A=1");
  assert.deepEqual(await host.readDirEntries(ROOT), [{ name: ".env", kind: "file" }]);
});

test("the record itself is no part of the tree", async () => {
  const hidden = new Set(["meta.json"]);
  const host = recorded(
    { [`${ROOT}/meta.json`]: "{}", [`${ROOT}/sub/meta.json`]: "{}" },
    { files: {} },
    {},
    hidden,
  );
  assert.deepEqual(await host.readDir(ROOT), ["sub"]);
  assert.deepEqual(await host.readDirEntries(ROOT), [{ name: "sub", kind: "directory" }]);
  await assert.rejects(host.readFile(`${ROOT}/meta.json`, 10), { reason: "ENOENT" });
  assert.equal(await host.readFile(`${ROOT}/sub/meta.json`, 10), "{}");
});

const options = { timeoutMs: 1, signal };
const RUNS: readonly (readonly [object, string, readonly string[], string])[] = [
  [{ "pip-audit": { available: true, exit: 1, stdout: "x" } }, "pip-audit", ["-f", "json"], "1 x"],
  [{ "pip-audit": { exit: 0, stdout: "y" } }, "/srv/.venv/bin/pip-audit", [], "0 y"],
  [{ "pip-audit": { exit: 0, stdout: "z" } }, "uv", ["run", "pip-audit"], "0 z"],
  [
    { uv: { available: false }, "pip-audit": { exit: 0 } },
    "uv",
    ["run", "pip-audit"],
    "tool-missing",
  ],
  [
    { uv: { available: true }, "pip-audit": { available: false } },
    "uv",
    ["run", "pip-audit"],
    "tool-missing",
  ],
  [{ uv: { exit: 2, stdout: "u" }, "pip-audit": { exit: 0 } }, "uv", ["run", "pip-audit"], "2 u"],
  [{ "pip-audit": { available: false } }, "pip-audit", [], "tool-missing"],
  [{}, "npm", ["audit"], "not-recorded"],
  [{ npm: { exit: null } }, "npm", ["audit"], "null "],
];
for (const [commands, program, args, expected] of RUNS) {
  test(`${program} ${args.join(" ")} with ${JSON.stringify(commands)}`, async () => {
    const host = recorded({}, {}, commands);
    const answer = await host.run(program, args, options).then(
      ({ exit, stdout }) => `${exit} ${stdout}`,
      (error: unknown) => (error instanceof HostError ? error.code : String(error)),
    );
    assert.equal(answer, expected);
  });
}
