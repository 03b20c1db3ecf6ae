import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeNoNewPrivilegesConfig } from "./no-new-privileges-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["set", "services: {web: {image: 'a:1', security_opt: ['no-new-privileges:true']}}", "pass", []],
  [
    "the short spelling",
    "services: {web: {image: 'a:1', security_opt: [no-new-privileges]}}",
    "pass",
    [],
  ],
  [
    "false",
    "services:\n  web: {image: 'a:1', security_opt: ['no-new-privileges:false']}\n",
    "warn",
    ["may-gain-privileges web compose.yaml:2 warn"],
  ],
  [
    "missing",
    "services:\n  web: {image: 'a:1'}\n  db: {image: 'postgres:17'}\n",
    "warn",
    ["may-gain-privileges web compose.yaml:2 warn"],
  ],
  ["nothing but a database", "services: {db: {image: 'postgres:17'}}", "pass", []],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.no-new-privileges: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeNoNewPrivilegesConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
