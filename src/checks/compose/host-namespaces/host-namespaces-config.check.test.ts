import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeHostNamespacesConfig } from "./host-namespaces-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["bridge", "services: {web: {image: 'a:1', network_mode: bridge, ipc: private}}", "pass", []],
  [
    "the machine's network",
    "services:\n  web:\n    image: a:1\n    network_mode: host\n",
    "warn",
    ["shares-network web compose.yaml:4 warn"],
  ],
  [
    "the machine's processes",
    "services:\n  web:\n    image: a:1\n    pid: host\n",
    "fail",
    ["shares-pid web compose.yaml:4 fail"],
  ],
  [
    "a proxy in the machine's network",
    "services:\n  p:\n    image: caddy:2\n    network_mode: host\n",
    "pass",
    ["shares-network p compose.yaml:4 note"],
  ],
  [
    "monitoring",
    "services:\n  n:\n    image: prom/node-exporter:v1\n    pid: host\n",
    "pass",
    ["shares-pid n compose.yaml:4 note"],
  ],
  [
    "memory and accounts",
    "services:\n  web:\n    image: a:1\n    ipc: host\n    userns_mode: host\n",
    "warn",
    ["shares-ipc web compose.yaml:4 warn", "shares-userns web compose.yaml:5 warn"],
  ],
  [
    "another service's network",
    "services: {web: {image: 'a:1', network_mode: 'service:vpn'}}",
    "pass",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.host-namespaces: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeHostNamespacesConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
