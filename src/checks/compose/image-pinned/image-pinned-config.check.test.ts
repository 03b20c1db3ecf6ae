import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composeImagePinnedConfig } from "./image-pinned-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  [
    "a version, a digest",
    "services: {a: {image: 'a:1.2'}, b: {image: 'b@sha256:00'}, c: {image: 'localhost:5000/c:3-alpine'}}",
    "pass",
    [],
  ],
  ["no tag", "services:\n  a:\n    image: a\n", "warn", ["floating-tag a compose.yaml:3 warn"]],
  [
    "no tag behind a port",
    "services:\n  a:\n    image: localhost:5000/a\n",
    "warn",
    ["floating-tag a compose.yaml:3 warn"],
  ],
  [
    "latest and alpine",
    "services:\n  a:\n    image: a:latest\n  b:\n    image: redis:alpine\n",
    "warn",
    ["floating-tag a compose.yaml:3 warn", "floating-tag b compose.yaml:5 warn"],
  ],
  [
    "a default",
    `services:\n  a:\n    image: a:\${TAG:-latest}\n`,
    "warn",
    ["floating-tag a compose.yaml:3 warn"],
  ],
  [
    "a variable of .env",
    { "compose.yaml": `services:\n  a:\n    image: a:\${TAG}\n`, ".env": "TAG=1.2\n" },
    "pass",
    [],
  ],
  ["a variable nobody sets", `services:\n  a:\n    image: a:\${TAG}\n`, "unknown", []],
  [
    "one line behind an anchor",
    "x-a: &a {image: a}\nservices:\n  a: {<<: *a}\n  b: {<<: *a}\n",
    "warn",
    ["floating-tag a compose.yaml:1 warn"],
  ],
  ["built here", "services: {a: {image: 'a:latest', build: .}}", "pass", []],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.image-pinned: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      composeImagePinnedConfig,
      typeof files === "string" ? { "compose.yaml": files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
