import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyWorkerRlimitProxy, workerRlimit } from "./worker-rlimit-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "not set",
    "events {\n worker_connections 768;\n}\nhttp { server { listen 80; } }",
    ["worker-rlimit:2 note"],
  ],
  [
    "enough",
    "worker_rlimit_nofile 1536;\nevents {\n worker_connections 768;\n}\nhttp { server { listen 80; } }",
    [],
  ],
  [
    "one fewer",
    "worker_rlimit_nofile 1535;\nevents {\n worker_connections 768;\n}\nhttp { server { listen 80; } }",
    ["worker-rlimit:3 note"],
  ],
  ["a part of a configuration", "server {\n listen 80;\n\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`worker-rlimit: ${name}`, () => assert.deepEqual(found([workerRlimit], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "enough",
    "worker_rlimit_nofile 2;\nevents {\n worker_connections 1;\n}\nhttp { server { listen 80; } }",
    "pass",
  ],
  ["not set", "events {\n worker_connections 1;\n}\nhttp { server { listen 80; } }", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.worker-rlimit: ${name} is ${status}`, () => {
    assert.equal(
      proxyWorkerRlimitProxy.evaluate({}, nginxWanted(text, {}, { isPedantic: true })).status,
      status,
    );
  });
}
