import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { listeners, listenersFromProcNet } from "./listeners.fact.ts";
import { processEnvironment } from "./process-environment.fact.ts";
import { maskCommandLine, type ProcessEntry, processes } from "./processes.fact.ts";
import type { UnitFile } from "./unit-files.fact.ts";

type Files = Readonly<Record<string, string | MemoryFile>>;

function context(files: Files, hostFacts = true) {
  return {
    host: createMemoryHost({ files }),
    target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  } as const;
}

function process(
  pid: number,
  command: string,
  more: { comm?: string; parent?: number; uid?: number; cwd?: string; cgroup?: string } = {},
): Files {
  const { comm = "python3", parent = 1, uid = 1000, cwd = "/", cgroup = "/" } = more;
  return {
    [`/proc/${pid}/stat`]: `${pid} (${comm}) S ${parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid}00 0 0`,
    [`/proc/${pid}/status`]: `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    [`/proc/${pid}/cmdline`]: command,
    [`/proc/${pid}/cgroup`]: `0::${cgroup}\n`,
    [`/proc/${pid}/cwd`]: { link: cwd },
  };
}
const MACHINE: Files = {
  "/proc/stat": "btime 1000\n",
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/srv:/bin/false\n",
};

test("processes: name, user, masked command, start; threads of the kernel left out", async () => {
  const reading = await processes.collect(
    context({
      ...MACHINE,
      ...process(2, "", { comm: "kthreadd" }),
      ...process(10, "python3\0/srv/venv/bin/gunicorn\0--token=abc\0a", {
        comm: "gunicorn",
        cwd: "/srv/app",
        cgroup: "/system.slice/monitor.service",
      }),
      ...process(11, "node\0server.js", { comm: "MainThread", uid: 77 }),
      "/proc/12/stat": "gone",
      "/proc/self": { link: "10" },
    }),
    {},
    {},
  );
  assert.deepEqual(
    reading,
    known([
      {
        pid: 10,
        name: "gunicorn",
        command: "python3 /srv/venv/bin/gunicorn --token=*** a",
        user: "svc",
        parent: 1,
        directory: "/srv/app",
        cgroup: "/system.slice/monitor.service",
        startedMs: 1_010_000,
      },
      {
        pid: 11,
        name: "node",
        command: "node server.js",
        user: "77",
        parent: 1,
        directory: "/",
        startedMs: 1_011_000,
      },
    ]),
  );
});

test("without /proc, or with facts recorded elsewhere, nothing is claimed", async () => {
  const none = await processes.collect(context({ "/etc/passwd": "" }), {}, {});
  assert.equal(none.state === "unknown" && none.problem.code, "unsupported");
  for (const fact of [processes, listeners, processEnvironment]) {
    const readings = { processes: known([]), unitFiles: known([]) };
    const reading = await fact.collect(context(MACHINE, false), {}, readings);
    assert.equal(reading.state === "unknown" && reading.problem.code, "not-recorded");
  }
});

const MASKED: readonly (readonly [string, string])[] = [
  ["mysql -u app -phunter2 shop", "mysql -u app -p*** shop"],
  ["mysql -u app -p shop", "mysql -u app -p shop"],
  ["redis-cli -a hunter2 ping", "redis-cli -a *** ping"],
  ["gunicorn -p 8000 -papp", "gunicorn -p 8000 -papp"],
  [`run --env {"API_TOKEN": "a\\"b", "LANG": "C"}`, `run --env {"API_TOKEN": "***", "LANG": "C"}`],
  ["x --password=p KEY=v https://u:p@h/", "x --password=*** KEY=*** https://***@h/"],
];
for (const [command, expected] of MASKED) {
  test(`masked ${command}`, () => assert.equal(maskCommandLine(command), expected));
}
test("masking ends in bounded time", () => {
  const started = performance.now();
  for (const text of [
    '"a":"'.repeat(30_000),
    `mysql ${"-p ".repeat(30_000)}`,
    "mysql x".repeat(20_000),
  ])
    maskCommandLine(text);
  assert.ok(performance.now() - started < 2_000);
});

const TCP =
  "sl\n 0: 0100007F:1F40 00000000:0000 0A 0:0 0:0 0 1000 0 501 1\n 1: 00000000:01BB 00000000:0000 0A 0:0 0:0 0 0 0 502 1\n";
const TCP6 =
  "sl\n 0: 00000000000000000000000000000000:01BB 0:0 0A 0:0 0:0 0 0 0 503 1\n 1: 00000000000000000000000000000000:1F90 0:0 0A 0:0 0:0 0 33 0 504 1\n";

test("listeners: owner is the oldest that shares the socket; two wildcards on a port exclude dual stack", async () => {
  const entries: readonly ProcessEntry[] = [
    { pid: 9, name: "worker", command: "worker", user: "svc", startedMs: 9 },
    { pid: 30, name: "gunicorn", command: "gunicorn", user: "svc", startedMs: 3 },
  ];
  const reading = await listeners.collect(
    context({
      ...MACHINE,
      "/proc/net/tcp": TCP,
      "/proc/net/tcp6": TCP6,
      "/proc/9/fd/3": { link: "socket:[501]" },
      "/proc/30/fd/3": { link: "socket:[501]" },
      "/proc/30/fd/4": { link: "/dev/null" },
    }),
    {},
    { processes: known(entries) },
  );
  assert.deepEqual(
    reading,
    known([
      { proto: "tcp", address: "127.0.0.1", port: 8000, pid: 30, command: "gunicorn", user: "svc" },
      { proto: "tcp", address: "0.0.0.0", port: 443, user: "root" },
      { proto: "tcp", address: "::", port: 443, user: "root", isDualStack: false },
      { proto: "tcp", address: "::", port: 8080 },
    ]),
  );
});

test("listeners: a table that may not be read is unknown, no tables unsupported, no IPv6 fine", async () => {
  const read = async (files: Files) => {
    const reading = await listeners.collect(context(files), {}, { processes: known([]) });
    return reading.state === "unknown" ? reading.problem.code : reading.state;
  };
  const denied = { text: "", unreadable: true };
  assert.equal(await read({ "/proc/net/tcp": TCP, "/proc/net/tcp6": denied }), "denied");
  assert.equal(await read({ "/proc/net/tcp": denied }), "denied");
  assert.equal(await read({}), "unsupported");
  assert.equal(await read({ "/proc/net/tcp": TCP }), "known");
});

test("recorded tables tell no owner", () => {
  assert.deepEqual(listenersFromProcNet({ tcp: TCP, tcp6: "" })[0], {
    proto: "tcp",
    address: "127.0.0.1",
    port: 8000,
  });
});

const UNIT: UnitFile = {
  name: "monitor.service",
  file: "/etc/systemd/system/monitor.service",
  isInstalled: true,
  unit: { entries: [] },
};

async function environmentOf(
  files: Files,
  entries: readonly ProcessEntry[],
  units: readonly UnitFile[] = [],
) {
  return processEnvironment.collect(
    context(files),
    {},
    {
      processes: known(entries),
      unitFiles: known(units),
    },
  );
}
const entry = (pid: number, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  name: "gunicorn",
  command: "gunicorn config.wsgi",
  user: "svc",
  startedMs: pid,
  ...more,
});

test("environment: the oldest parent in the directory, never plimsoll, a shell or its ancestors", async () => {
  const reading = await environmentOf(
    {
      "/proc/self": { link: "5" },
      "/proc/3/environ": "WHO=ancestor\0",
      "/proc/5/environ": "WHO=plimsoll\0",
      "/proc/7/environ": "WHO=worker\0",
      "/proc/10/environ": "WHO=master\0",
      "/proc/4/environ": "WHO=shell\0",
    },
    [
      entry(3, { directory: "/srv/app" }),
      entry(4, { directory: "/srv/app", name: "bash", command: "bash" }),
      entry(5, { directory: "/srv/app", parent: 3, name: "node", command: "node plimsoll" }),
      entry(7, { directory: "/srv/app", parent: 10 }),
      entry(10, { directory: "/srv/app/web" }),
      entry(1, { directory: "/srv/application" }),
    ],
  );
  assert.deepEqual(
    reading,
    known({ where: "/proc/10/environ", pid: 10, variables: [["WHO", "master"]] }),
  );
});

test("environment: a path in the command, or the unit's cgroup, says that it belongs", async () => {
  const files = { "/proc/8/environ": "A=1\0", "/proc/9/environ": "A=2\0" };
  const byPath = entry(8, { command: "gunicorn --chdir=/srv/app config.wsgi" });
  const byUnit = entry(9, {
    name: "server",
    command: "/opt/server",
    cgroup: "/system.slice/monitor.service",
  });
  const first = await environmentOf(files, [byPath, byUnit]);
  assert.equal(first.state === "known" && first.value.pid, 8);
  const second = await environmentOf(files, [byPath, byUnit], [UNIT]);
  assert.equal(second.state === "known" && second.value.pid, 9);
});

test("environment: a launcher's is not the application's", async () => {
  const reading = await environmentOf(
    { "/proc/8/environ": "A=su\0", "/proc/9/environ": "A=app\0" },
    [
      entry(8, { directory: "/srv/app", name: "su", command: "su -c gunicorn config.wsgi" }),
      entry(9, { directory: "/srv/app", parent: 8 }),
    ],
  );
  assert.equal(reading.state === "known" && reading.value.pid, 9);
});

test("environment: denied is unknown, ended passes on, none is absent", async () => {
  const denied = await environmentOf({ "/proc/8/environ": { text: "", unreadable: true } }, [
    entry(8, { directory: "/srv/app" }),
  ]);
  assert.equal(denied.state === "unknown" && denied.problem.code, "denied");
  const ended = await environmentOf({ "/proc/9/environ": "A=1\0" }, [
    entry(8, { directory: "/srv/app" }),
    entry(9, { directory: "/srv/app" }),
  ]);
  assert.equal(ended.state === "known" && ended.value.pid, 9);
  assert.equal((await environmentOf({}, [entry(8)])).state, "absent");
});
