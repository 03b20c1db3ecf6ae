import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composePrivilegedConfig } from "./privileged-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no compose file", {}, "skip", []],
  ["nothing said", "services: {web: {image: 'a:1'}}", "pass", []],
  ["false", "services: {web: {image: 'a:1', privileged: false}}", "pass", []],
  [
    "true",
    "services:\n  web:\n    image: a:1\n    privileged: true\n",
    "fail",
    ["privileged web compose.yaml:4 fail"],
  ],
  [
    "monitoring",
    "services:\n  c:\n    image: gcr.io/cadvisor/cadvisor:v1\n    privileged: true\n",
    "warn",
    ["privileged c compose.yaml:4 warn"],
  ],
  [
    "an override file takes it back",
    {
      "compose.yaml": "services:\n  web:\n    image: a:1\n    privileged: true\n",
      "compose.override.yaml": "services:\n  web:\n    privileged: false\n",
    },
    "pass",
    [],
  ],
  [
    "extends inside the file",
    "services:\n  base: &b\n    image: a:1\n    privileged: true\n    profiles: [never]\n  web:\n    extends: base\n",
    "fail",
    ["privileged web compose.yaml:4 fail", "privileged base compose.yaml:4 warn"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.privileged: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composePrivilegedConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
