import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { dockerUserConfig } from "./user-config.check.ts";

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  name: string,
  files: string | Files,
  status: string,
  findings: readonly string[],
])[] = [
  ["no Dockerfile", {}, "skip", []],
  ["an account", "FROM python:3.12\nUSER app\n", "pass", []],
  [
    "a server that gives root up itself",
    "FROM php:8.3-apache\n",
    "pass",
    ["root-at-start Dockerfile Dockerfile:undefined note"],
  ],
  ["an account by a variable", "FROM python:3.12\nARG U=app\nUSER $U\n", "pass", []],
  [
    "root by a variable",
    `FROM python:3.12\nARG U=root\nUSER \${U}\n`,
    "warn",
    ["root Dockerfile Dockerfile:3 warn"],
  ],
  ["a variable nobody sets", "FROM python:3.12\nARG U\nUSER $U\n", "unknown", []],
  [
    "a base by a variable",
    `ARG B=python:3\nFROM \${B}\n`,
    "warn",
    ["root Dockerfile Dockerfile:undefined warn"],
  ],
  [
    "what a development file builds",
    {
      "compose.yaml":
        "# for local development only\nservices: {web: {build: {context: ., target: dev}}}",
      Dockerfile: "FROM python:3.12 AS dev\nFROM dev\nUSER app\n",
    },
    "pass",
    [],
  ],
  [
    "no USER",
    'FROM python:3.12-slim\nCMD ["python"]\n',
    "warn",
    ["root Dockerfile Dockerfile:undefined warn"],
  ],
  [
    "root at the end",
    "FROM python:3.12\nUSER app\nUSER root\n",
    "warn",
    ["root Dockerfile Dockerfile:3 warn"],
  ],
  [
    "USER of a stage that is thrown away",
    "FROM node:22 AS build\nUSER node\nFROM node:22\n",
    "warn",
    ["root Dockerfile Dockerfile:undefined warn"],
  ],
  [
    "USER of the stage it is built from",
    "FROM node:22 AS base\nUSER node\nFROM base\n",
    "pass",
    [],
  ],
  ["a base image that may bring one", "FROM registry.local/base:1\n", "unknown", []],
  ["a base image that is rootless", "FROM nginxinc/nginx-unprivileged:1\n", "pass", []],
  [
    "root given up at start",
    "FROM python:3.12\nRUN apt-get install -y gosu\n",
    "pass",
    ["root-at-start Dockerfile Dockerfile:undefined note"],
  ],
  [
    "gosu in a comment",
    "FROM python:3.12\n# no gosu here\n",
    "warn",
    ["root Dockerfile Dockerfile:undefined warn"],
  ],
  [
    "user: of compose",
    {
      "compose.yaml": "services: {web: {build: ., user: '1000'}}",
      Dockerfile: "FROM python:3.12\n",
    },
    "pass",
    [],
  ],
  [
    "the target of compose",
    {
      "compose.yaml": "services: {web: {build: {context: ., target: run}}}",
      Dockerfile: "FROM python:3.12 AS run\nUSER app\nFROM run AS test\nUSER root\n",
    },
    "pass",
    [],
  ],
  [
    "a tools' stage at the end",
    "FROM python:3.12 AS release\nUSER app\nFROM python:3.12 AS upload\n",
    "pass",
    [],
  ],
  ["a Dockerfile of tests", { "tests/Dockerfile": "FROM python:3.12\n" }, "skip", []],
];

for (const [name, files, status, findings] of CASES) {
  test(`docker.user: ${name} is ${status}`, async () => {
    const told = await outcomeOf(
      dockerUserConfig,
      typeof files === "string" ? { Dockerfile: files } : files,
    );
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
