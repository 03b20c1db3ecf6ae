import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeCapabilitiesConfig } from "./capabilities-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["none", "services: {web: {image: 'a:1', cap_drop: [ALL]}}", "pass", []],
  [
    "harmless ones",
    "services: {web: {image: 'a:1', cap_add: [NET_BIND_SERVICE, CAP_CHOWN, IPC_LOCK]}}",
    "pass",
    [],
  ],
  [
    "SYS_ADMIN",
    "services:\n  web:\n    image: a:1\n    cap_add:\n      - CAP_SYS_ADMIN\n",
    "fail",
    ["root-capability web SYS_ADMIN compose.yaml:5 fail"],
  ],
  [
    "ALL in lower case",
    "services:\n  web:\n    image: a:1\n    cap_add: [all]\n",
    "fail",
    ["root-capability web ALL compose.yaml:4 fail"],
  ],
  [
    "NET_ADMIN",
    "services:\n  web:\n    image: a:1\n    cap_add: [NET_ADMIN]\n",
    "warn",
    ["wide-capability web NET_ADMIN compose.yaml:4 warn"],
  ],
  [
    "NET_ADMIN of a VPN",
    "services:\n  vpn:\n    image: linuxserver/wireguard:1\n    cap_add: [NET_ADMIN, SYS_MODULE]\n",
    "warn",
    [
      "root-capability vpn SYS_MODULE compose.yaml:4 warn",
      "wide-capability vpn NET_ADMIN compose.yaml:4 note",
    ],
  ],
  [
    "no filter",
    "services:\n  web:\n    image: a:1\n    security_opt: ['seccomp:unconfined']\n",
    "warn",
    ["unconfined web seccomp:unconfined compose.yaml:4 warn"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.capabilities: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeCapabilitiesConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
