import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeHealthcheckConfig } from "./healthcheck-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["given", "services: {web: {image: 'a:1', healthcheck: {test: [CMD, true]}}}", "pass", []],
  [
    "disabled",
    "services:\n  web: {image: 'a:1', healthcheck: {disable: true}}\n",
    "pass",
    ["no-healthcheck web compose.yaml:2 note"],
  ],
  [
    "NONE",
    "services:\n  web: {image: 'a:1', healthcheck: {test: [NONE]}}\n",
    "pass",
    ["no-healthcheck web compose.yaml:2 note"],
  ],
  ["an image that is only pulled", "services: {web: {image: 'a:1'}}", "pass", []],
  [
    "missing",
    { "compose.yaml": "services:\n  web: {build: .}\n", Dockerfile: "FROM a:1\n" },
    "pass",
    ["no-healthcheck web compose.yaml:2 note"],
  ],
  [
    "in the Dockerfile",
    {
      "compose.yaml": "services:\n  web: {build: .}\n",
      Dockerfile: "FROM a:1\nHEALTHCHECK CMD true\n",
    },
    "pass",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.healthcheck: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeHealthcheckConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
