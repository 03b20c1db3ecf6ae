import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeRestartConfig } from "./restart-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["given", "services: {web: {image: 'a:1', restart: unless-stopped}}", "pass", []],
  [
    "no",
    "services:\n  web: {image: 'a:1', restart: 'no'}\n",
    "pass",
    ["no-restart web compose.yaml:2 note"],
  ],
  ["missing", "services:\n  web: {image: 'a:1'}\n", "pass", ["no-restart web compose.yaml:2 note"]],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.restart: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeRestartConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
