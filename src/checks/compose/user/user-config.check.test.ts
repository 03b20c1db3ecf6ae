import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeUserConfig } from "./user-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["an account", "services: {web: {image: 'a:1', user: '1000:1000'}}", "pass", []],
  [
    "root by number",
    'services:\n  web:\n    image: a:1\n    user: "0:0"\n',
    "fail",
    ["root web compose.yaml:4 fail"],
  ],
  [
    "root that sets owners and ends",
    "services:\n  web: {build: .}\n  p:\n    image: alpine:3\n    user: root\n    command: chown -R 1:1 /data\n",
    "unknown",
    [],
  ],
  [
    "root of a database",
    "services:\n  db:\n    image: postgres:17\n    user: root\n",
    "warn",
    ["root db compose.yaml:4 warn"],
  ],
  ["an image that is only pulled", "services: {web: {image: 'a:1'}}", "unknown", []],
  [
    "an image that is built",
    { "compose.yaml": "services: {web: {build: .}}", Dockerfile: "FROM python:3.12\nUSER app\n" },
    "pass",
    [],
  ],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.user: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeUserConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
