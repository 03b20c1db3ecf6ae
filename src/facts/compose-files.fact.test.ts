import assert from "node:assert/strict";
import { test } from "node:test";
import { composeFileNames } from "./compose-files.fact.ts";

const cases: readonly [name: string, paths: readonly string[], expected: readonly string[]][] = [
  [
    "the file at the root with its override",
    ["compose.yml", "compose.override.yml", "docker/compose.yml"],
    ["compose.yml", "compose.override.yml"],
  ],
  ["one in a folder", ["docker/docker-compose.yml"], ["docker/docker-compose.yml"]],
  ["one in a folder for tests", ["docker/regtest/docker-compose.yml"], []],
  ["one in a folder for development", ["dev/compose.yml", ".devcontainer/compose.yml"], []],
  [
    "one beside those",
    ["dev/compose.yml", "deploy/docker/compose.yml"],
    ["deploy/docker/compose.yml"],
  ],
];

for (const [name, paths, expected] of cases)
  test(`compose project: ${name}`, () => assert.deepEqual(composeFileNames(paths), expected));
