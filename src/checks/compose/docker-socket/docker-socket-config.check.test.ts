import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeDockerSocketConfig } from "./docker-socket-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no mount", "services: {web: {image: 'a:1', volumes: ['./data:/data']}}", "pass", []],
  [
    "the application, read-only",
    "services:\n  web:\n    image: a:1\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
    "fail",
    ["socket-mounted web compose.yaml:5 fail"],
  ],
  [
    "Traefik",
    "services:\n  proxy:\n    image: traefik:3.6\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
    "warn",
    ["socket-mounted proxy compose.yaml:5 warn"],
  ],
  [
    "a tool that is made for it",
    "services:\n  w:\n    image: containrrr/watchtower:1\n    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n",
    "warn",
    ["socket-mounted w compose.yaml:4 warn"],
  ],
  [
    "a socket proxy",
    "services:\n  s:\n    image: tecnativa/docker-socket-proxy:0.3\n    volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']\n",
    "pass",
    ["socket-mounted s compose.yaml:4 note"],
  ],
  [
    "the long form and Podman's",
    "services:\n  web:\n    image: a:1\n    volumes:\n      - type: bind\n        source: /run/user/1000/podman/podman.sock\n        target: /s\n",
    "fail",
    ["socket-mounted web compose.yaml:5 fail"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.docker-socket: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeDockerSocketConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
