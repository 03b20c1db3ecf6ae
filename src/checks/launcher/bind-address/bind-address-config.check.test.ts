import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { launcherBindAddressConfig } from "./bind-address-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["nothing told", {}, "skip", []],
  [
    "a socket",
    "[Service]\nExecStart=/srv/app/venv/bin/gunicorn a:a -b unix:/run/a.sock\n",
    "pass",
    [],
  ],
  ["loopback by default", "[Service]\nExecStart=/srv/app/venv/bin/gunicorn a:a\n", "pass", []],
  [
    "every address",
    "[Service]\nExecStart=/srv/app/venv/bin/gunicorn a:a --bind 0.0.0.0:8000\n",
    "warn",
    ["bound-on-every-address app.service deploy/app.service:2 warn"],
  ],
  [
    "a container",
    { "compose.yaml": "services: {web: {build: ., command: gunicorn a:a -b 0.0.0.0}}" },
    "skip",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`launcher.bind-address: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      launcherBindAddressConfig,
      typeof files === "string" ? { "deploy/app.service": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
