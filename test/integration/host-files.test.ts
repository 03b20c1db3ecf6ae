import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deploymentTree } from "../../src/facts/deployment-tree.fact.ts";
import { createLocalHost } from "../../src/host/local-host.ts";

const host = createLocalHost();
const { signal } = new AbortController();
let root = "";
const at = (name: string) => join(root, name);

before(() => {
  root = mkdtempSync(join(tmpdir(), "plimsoll-files-"));
  chmodSync(root, 0o755);
  writeFileSync(at("text"), "A=1\n");
  writeFileSync(at("bom"), "\u{feff}A=1");
  writeFileSync(at("bytes"), Uint8Array.of(0x41, 0xff, 0x00, 0x42));
  writeFileSync(at("huge"), Buffer.alloc(1_000_001));
  writeFileSync(at("secret"), "S=1");
  chmodSync(at("secret"), 0o600);
  writeFileSync(at("odd"), "");
  chmodSync(at("odd"), 0o4601);
  mkdirSync(at("dir"));
  mkdirSync(at("closed"));
  chmodSync(at("closed"), 0o700);
  symlinkSync("gone", at("dangling"));
  symlinkSync("loop-b", at("loop-a"));
  symlinkSync("loop-a", at("loop-b"));
  symlinkSync("text", at("link"));
  execFileSync("mkfifo", [at("fifo")]);
});
after(() => rmSync(root, { recursive: true, force: true }));

test("text as it is: BOM kept, invalid bytes replaced, bytes untouched", async () => {
  assert.equal(await host.readFile(at("link"), 100), "A=1\n");
  assert.equal(await host.readFile(at("bom"), 100), "\u{feff}A=1");
  assert.equal(await host.readFile(at("bytes"), 100), "A\u{fffd}\0B");
  assert.deepEqual([...(await host.readBytes(at("bytes"), 100))], [0x41, 0xff, 0x00, 0x42]);
});

test("the byte limit has two sides, also where a file tells no size", async () => {
  assert.equal((await host.readFile(at("huge"), 1_000_001)).length, 1_000_001);
  await assert.rejects(host.readFile(at("huge"), 1_000_000), { code: "too-large" });
  const status = await host.readFile("/proc/self/status", 100_000);
  assert.match(status, /^Name:/);
  await assert.rejects(host.readFile("/proc/self/status", 20), { code: "too-large" });
});

const KINDS: readonly (readonly [string, string, string])[] = [
  ["gone", "unreachable", "ENOENT"],
  ["dangling", "unreachable", "ENOENT"],
  ["text/below", "unreachable", "ENOTDIR"],
  ["loop-a", "malformed", "ELOOP"],
  ["dir", "unsupported", "EISDIR"],
  ["fifo", "unsupported", "ENOTFILE"],
  ["n\0ul", "unreachable", "ENOENT"],
  [`${"x".repeat(300)}`, "unsupported", "ENAMETOOLONG"],
];
for (const [name, code, reason] of KINDS) {
  test(`reading ${JSON.stringify(name.slice(0, 20))} ends at once with ${reason}`, async () => {
    await assert.rejects(host.readFile(`${root}/${name}`, 100), {
      name: "HostError",
      code,
      reason,
    });
  });
}

test("sockets and devices are never opened", async () => {
  const server = createServer().listen(at("socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await assert.rejects(host.readFile(at("socket"), 100), { reason: "ENOTFILE" });
  } finally {
    server.close();
  }
  await assert.rejects(host.readFile("/dev/zero", 100), { reason: "ENOTFILE" });
});

test("kinds, modes and links", async () => {
  assert.deepEqual(
    (await host.readDirEntries(root)).filter(({ name }) => name !== "socket"),
    [
      { name: "bom", kind: "file" },
      { name: "bytes", kind: "file" },
      { name: "closed", kind: "directory" },
      { name: "dangling", kind: "link" },
      { name: "dir", kind: "directory" },
      { name: "fifo", kind: "other" },
      { name: "huge", kind: "file" },
      { name: "link", kind: "link" },
      { name: "loop-a", kind: "link" },
      { name: "loop-b", kind: "link" },
      { name: "odd", kind: "file" },
      { name: "secret", kind: "file" },
      { name: "text", kind: "file" },
    ],
  );
  const odd = await host.stat(at("odd"));
  assert.deepEqual([odd.mode, odd.kind, odd.sizeBytes], [0o4601, "file", 0]);
  assert.equal((await host.lstat(at("link"))).kind, "link");
  assert.equal((await host.stat(at("link"))).kind, "file");
  assert.equal(await host.readLink(at("link")), "text");
  assert.equal(await host.realPath(at("link")), await host.realPath(at("text")));
  await assert.rejects(host.readLink(at("text")), { reason: "EINVAL" });
  await assert.rejects(host.readDir(at("text")), { reason: "ENOTDIR" });
  assert.equal((await host.stat("/etc/passwd")).owner, "root");
});

test("an ACL is told by getfacl, or that there is none", async () => {
  assert.deepEqual(await host.acl(at("text"), signal), []);
});

test("the tree of the directory: loops end, others left out", async () => {
  const reading = await deploymentTree.collect(
    {
      host,
      target: { directory: root, urls: [], mode: "auto", compat: false, hostFacts: true },
      nowMs: 0,
      fingerprintKey: "k",
      signal,
    },
    {},
    {},
  );
  assert.equal(reading.state, "known");
  assert.deepEqual(
    reading.value.files.filter(({ kind }) => kind === "link").map(({ path }) => path),
    ["dangling", "link", "loop-a", "loop-b"],
  );
  assert.ok(!reading.value.files.some(({ path }) => path === "fifo"));
});

test("ten thousand files are listed in well under a second", async () => {
  const many = mkdtempSync(join(tmpdir(), "plimsoll-many-"));
  try {
    for (let directory = 0; directory < 100; directory += 1) {
      mkdirSync(join(many, `d${directory}`));
      for (let file = 0; file < 100; file += 1)
        writeFileSync(join(many, `d${directory}`, `f${file}`), "");
    }
    const started = performance.now();
    const reading = await deploymentTree.collect(
      {
        host,
        target: { directory: many, urls: [], mode: "auto", compat: false, hostFacts: true },
        nowMs: 0,
        fingerprintKey: "k",
        signal,
      },
      {},
      {},
    );
    const elapsedMs = performance.now() - started;
    assert.equal(reading.state === "known" && reading.value.files.length, 10_000);
    // The bar is 200 ms on a free machine; other work on this one may treble it.
    assert.ok(elapsedMs < 600, `${Math.round(elapsedMs)} ms`);
  } finally {
    rmSync(many, { recursive: true, force: true });
  }
});

const isRoot = process.getuid?.() === 0;
test("what may not be read is denied", {
  skip: isRoot ? false : "needs root to take another uid",
}, () => {
  const script = `
    import { createLocalHost } from ${JSON.stringify(new URL("../../src/host/local-host.ts", import.meta.url).href)};
    const host = createLocalHost();
    const ask = (work) => work.then(() => "answered", (error) => error.code + " " + error.reason);
    console.log(await ask(host.readFile(${JSON.stringify(at("secret"))}, 100)));
    console.log(await ask(host.readDirEntries(${JSON.stringify(at("closed"))})));
    console.log(await ask(host.stat(${JSON.stringify(at("closed/x"))})));
    console.log(await ask(host.readFile("/proc/1/environ", 100000)));
    console.log(await ask(host.readFile(${JSON.stringify(at("text"))}, 100)));
  `;
  const output = execFileSync(
    process.execPath,
    ["--input-type=module", "-e", script],
    // nobody, by number: it has no access of its own to anything here.
    { uid: 65_534, gid: 65_534, encoding: "utf8", env: {} },
  );
  assert.deepEqual(output.trim().split("\n"), [
    "denied EACCES",
    "denied EACCES",
    "denied EACCES",
    "denied EACCES",
    "answered",
  ]);
});

test("only what is granted is done", async () => {
  const reader = createLocalHost({ granted: new Set(["read"]) });
  assert.equal(await reader.readFile(at("text"), 10), "A=1\n");
  const options = { timeoutMs: 1_000, signal };
  await assert.rejects(reader.run("true", [], options), { code: "not-granted" });
  await assert.rejects(reader.acl(at("text"), signal), { code: "not-granted" });
  await assert.rejects(reader.connect("127.0.0.1", 1, options), { code: "not-granted" });
  await assert.rejects(reader.handshake("127.0.0.1", 1, options), { code: "not-granted" });
  const url = new URL("http://127.0.0.1:1/");
  await assert.rejects(reader.request({ method: "GET", url, bodyBytesMax: 1, ...options }), {
    code: "not-granted",
  });
  await assert.rejects(createLocalHost({ granted: new Set() }).readFile(at("text"), 10), {
    code: "not-granted",
  });
});
