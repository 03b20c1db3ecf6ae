import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeLimitsConfig } from "./limits-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["the old keys", "services: {web: {image: 'a:1', mem_limit: 512m}}", "pass", []],
  [
    "deploy.resources.limits",
    "services: {web: {image: 'a:1', deploy: {resources: {limits: {memory: 1G}}}}}",
    "pass",
    [],
  ],
  [
    "reservations alone",
    "services:\n  web: {image: 'a:1', deploy: {resources: {reservations: {memory: 1G}}}}\n",
    "pass",
    ["no-limits web compose.yaml:2 note"],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.limits: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeLimitsConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
