import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { dockerSecretsInImageConfig } from "./secrets-in-image-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no Dockerfile", {}, "skip", []],
  [
    "nothing secret",
    "FROM python:3.12\nENV PORT=80 KEY_FILE=/run/secrets/k\nUSER app\n",
    "pass",
    [],
  ],
  [
    "a key",
    "FROM python:3.12\nENV SECRET_KEY=kX92vTq81LmPzWd0aB7cE3fG\n",
    "fail",
    ["secret SECRET_KEY Dockerfile:2 fail"],
  ],
  [
    "the old form",
    "FROM python:3.12\nENV API_TOKEN kX92vTq81LmPzWd0aB7cE3fG\n",
    "fail",
    ["secret API_TOKEN Dockerfile:2 fail"],
  ],
  [
    "a placeholder",
    "FROM python:3.12\nENV SECRET_KEY=changeme\n",
    "warn",
    ["placeholder SECRET_KEY Dockerfile:2 warn"],
  ],
  [
    "an argument",
    "FROM python:3.12\nARG GITHUB_TOKEN\n",
    "warn",
    ["argument GITHUB_TOKEN Dockerfile:2 warn"],
  ],
  [
    "a stage that is thrown away",
    "FROM node:22 AS build\nARG NPM_TOKEN\nENV SECRET_KEY=kX92vTq81LmPzWd0aB7cE3fG\nFROM node:22\nUSER node\n",
    "pass",
    [],
  ],
  [
    "one RUN",
    "FROM python:3.12\nRUN DEBUG=False SECRET_KEY=build-key ./manage.py collectstatic\n",
    "pass",
    [],
  ],
  [
    "made of variables, or empty",
    `FROM python:3.12\nENV SECRET_KEY=\${KEY} DB_PASSWORD=\n`,
    "pass",
    [],
  ],
  [
    "an env file",
    "FROM python:3.12\nCOPY .env /app/\n",
    "fail",
    ["env-file-copied Dockerfile:2 fail"],
  ],
  ["a sample of one", "FROM python:3.12\nCOPY .env.example /app/.env\n", "pass", []],
];

for (const [name, files, status, findings] of CASES) {
  test(`docker.secrets-in-image: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      dockerSecretsInImageConfig,
      typeof files === "string" ? { Dockerfile: files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
