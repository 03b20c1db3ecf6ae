import assert from "node:assert/strict";
import { test } from "node:test";

import type { Listener } from "../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../facts/processes.fact.ts";
import { listenersOfApplication } from "./app-listeners.ts";

const python: ProcessEntry = { pid: 10, name: "python3", command: "python3 server.py", user: "a" };
const socket: Listener = { proto: "tcp", address: "127.0.0.1", port: 9000, pid: 10 };
const container = "0::/system.slice/docker-0123.scope";

const cases: readonly (readonly [string, Partial<ProcessEntry>, Partial<Listener>, boolean])[] = [
  ["a server whose directory is not told", {}, {}, true],
  ["a server of another directory", { directory: "/srv/other" }, {}, false],
  [
    "a server of another directory on a usual port",
    { directory: "/srv/other" },
    { port: 8000 },
    false,
  ],
  ["a daemon that went to the root directory", { directory: "/" }, {}, true],
  ["a server in a container", { directory: "/app", cgroup: container }, {}, true],
  [
    "a listener whose process is not told",
    { directory: "/srv/other" },
    { pid: 11, command: "node" },
    true,
  ],
];

for (const [name, process, listener, isOwned] of cases) {
  test(`listeners of the application: ${name} is ${isOwned ? "taken" : "left"}`, () => {
    const found = listenersOfApplication({
      listeners: [{ ...socket, ...listener }],
      processes: [{ ...python, ...process }],
      services: undefined,
    });
    assert.equal(found.length, isOwned ? 1 : 0);
  });
}

test("listeners of the application: a process of its own counts wherever it is", () => {
  const service = {
    kind: "unit",
    name: "shop.service",
    command: "python3 server.py",
    isApplication: true,
    isInContainer: false,
    pids: [10],
    restart: "systemctl restart shop",
    sourcedFiles: [],
  } as const;
  const found = listenersOfApplication({
    listeners: [socket],
    processes: [{ ...python, directory: "/srv/other" }],
    services: { services: [service], published: [], binds: [] },
  });
  assert.equal(found.length, 1);
});

test("listeners of the application: beside its own, those of a server whose process is not told", () => {
  const processes = [
    python,
    { ...python, pid: 12, directory: "/srv/other" },
    { ...python, pid: 13 },
  ];
  const services = {
    services: [],
    published: [],
    binds: [
      {
        service: "",
        address: "127.0.0.1",
        port: 9000,
        isUnixSocket: false,
        isInContainer: false,
        text: "-b",
      },
    ],
  };
  const others = [11, 12, 13].map((pid) => ({
    ...socket,
    command: "gunicorn",
    port: 9000 + pid,
    pid,
  }));
  const found = listenersOfApplication({ listeners: [socket, ...others], processes, services });
  assert.deepEqual(
    found.map(({ pid }) => pid),
    [10, 11],
  );
});
