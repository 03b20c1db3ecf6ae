import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeReadOnlyConfig } from "./read-only-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["set", "services: {web: {image: 'a:1', read_only: true}}", "pass", []],
  [
    "missing",
    "services:\n  web: {image: 'a:1'}\n  db: {image: 'postgres:17'}\n",
    "pass",
    ["writable-root web compose.yaml:2 note"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.read-only: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeReadOnlyConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
