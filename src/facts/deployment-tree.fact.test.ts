import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { DEPTH_MAX, deploymentTree, FILES_MAX } from "./deployment-tree.fact.ts";

async function collect(files: Readonly<Record<string, string | MemoryFile>>) {
  return deploymentTree.collect(
    {
      host: createMemoryHost({ files }),
      target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts: true },
      nowMs: 0,
      fingerprintKey: "k",
      signal: new AbortController().signal,
    },
    {},
    {},
  );
}

async function value(files: Readonly<Record<string, string | MemoryFile>>) {
  const reading = await collect(files);
  assert.equal(reading.state, "known");
  return reading.value;
}

test("files sorted, links listed and not followed, others left out", async () => {
  const tree = await value({
    "/srv/app/z.py": "",
    "/srv/app/a/b.py": "",
    "/srv/app/.env": { link: "/etc/secret" },
    "/srv/app/loop": { link: "." },
    "/srv/app/pipe": { kind: "other" },
    "/etc/secret/x": "",
  });
  assert.deepEqual(tree, {
    files: [
      { path: ".env", kind: "link" },
      { path: "a/b.py", kind: "file" },
      { path: "loop", kind: "link" },
      { path: "z.py", kind: "file" },
    ],
    directories: ["a"],
    isTruncated: false,
    unreadable: [],
  });
});

test("dependencies and caches are left out; env/ only where it is a virtual environment", async () => {
  const tree = await value({
    "/srv/app/.git/config": "",
    "/srv/app/x/node_modules/a/index.js": "",
    "/srv/app/.venv/lib/a.py": "",
    "/srv/app/env/pyvenv.cfg": "",
    "/srv/app/env/lib/a.py": "",
    "/srv/app/deploy/env/production": "",
    "/srv/app/config/pyvenv.cfg": "",
    "/srv/app/config/settings.py": "",
  });
  assert.deepEqual(
    tree.files.map(({ path }) => path),
    ["config/pyvenv.cfg", "config/settings.py", "deploy/env/production"],
  );
});

test("a directory that may not be listed costs only itself", async () => {
  const tree = await value({
    "/srv/app/a.py": "",
    "/srv/app/secret": { kind: "directory", unreadable: true },
  });
  assert.deepEqual(tree.unreadable, [{ path: "secret", code: "denied" }]);
  assert.deepEqual(tree.files, [{ path: "a.py", kind: "file" }]);
  assert.equal(tree.isTruncated, false);
});

test("depth: the limit itself is walked, one more is cut", async () => {
  const path = (depth: number) => `/srv/app/${"d/".repeat(depth)}f`;
  const within = await value({ [path(DEPTH_MAX)]: "" });
  assert.equal(within.files.length, 1);
  assert.equal(within.isTruncated, false);
  const beyond = await value({ [path(DEPTH_MAX + 1)]: "" });
  assert.equal(beyond.files.length, 0);
  assert.equal(beyond.isTruncated, true);
});

test("files: the limit itself is listed, one more is cut", async () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `f${at}`, kind: "file" as const }));
  for (const [count, isTruncated] of [
    [FILES_MAX, false],
    [FILES_MAX + 1, true],
  ] as const) {
    const reading = await deploymentTree.collect(
      {
        host: { ...createMemoryHost(), readDirEntries: async () => entries(count) },
        target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts: true },
        nowMs: 0,
        fingerprintKey: "k",
        signal: new AbortController().signal,
      },
      {},
      {},
    );
    assert.equal(reading.state, "known");
    assert.equal(reading.value.files.length, FILES_MAX);
    assert.equal(reading.value.isTruncated, isTruncated);
  }
});

test("no directory is absent, one that may not be listed is unknown", async () => {
  assert.equal((await collect({ "/srv/other": "" })).state, "absent");
  const denied = await collect({ "/srv/app": { kind: "directory", unreadable: true } });
  assert.equal(denied.state === "unknown" && denied.problem.code, "denied");
});

test("a FIFO or socket in the place of a file that facts open by its name is told", async () => {
  const special = { kind: "other" } as const;
  const tree = await value({
    "/srv/app/settings.py": special,
    "/srv/app/deploy/compose.yml": special,
    "/srv/app/app.service": special,
    "/srv/app/gunicorn.sock": special,
  });
  assert.deepEqual(
    tree.unreadable.map(({ path, code }) => `${path} ${code}`),
    ["app.service unsupported", "settings.py unsupported", "deploy/compose.yml unsupported"],
  );
});
