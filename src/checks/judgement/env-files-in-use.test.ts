import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "../../core/check.ts";
import { envFileCopiesHost } from "../env/file-copies/file-copies-host.check.ts";
import { envFilePermissionsHost } from "../env/file-permissions/file-permissions-host.check.ts";
import { envParseConfig } from "../env/parse/parse-config.check.ts";
import { overAllEnvFiles } from "./env-files-in-use.ts";
import { envFileOf, envFilesOf, NO_SUBJECT } from "./example-facts.ts";

const problem = { code: "denied", detail: "permission denied" } as const;
const hidden = { ...envFilesOf(envFileOf({})), undeclared: [{ file: "compose.yml", problem }] };

test("env files in use: an unreadable declaration may name further ones", () => {
  assert.deepEqual(overAllEnvFiles(envFilesOf(), pass("all")), pass("all"));
  assert.deepEqual(overAllEnvFiles(hidden, pass("all")), {
    status: "unknown",
    problem: {
      code: "denied",
      detail: "compose.yml may name further env files, yet cannot be read: permission denied",
    },
  });
});

test("env files in use: no check of all of them passes, nor is not applicable, with one", () => {
  for (const env of [hidden, { ...hidden, files: [] }]) {
    const outcomes = [
      envFileCopiesHost.evaluate({ env }, {}),
      envFilePermissionsHost.evaluate({ env }, { services: NO_SUBJECT }),
      envParseConfig.evaluate({ env }, {}),
    ];
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["unknown", "unknown", "unknown"],
    );
  }
});
