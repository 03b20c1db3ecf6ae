import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";
import { IMAGES_MAX } from "./image-stage.ts";

const SERVER = {
  "package.json": '{"dependencies":{"express":"5"}}',
  "server.js":
    'const app = require("express")();\nif (process.env.NODE_ENV === "production") app.set("trust proxy", 1);\n',
};
const ON = ["express.trust_proxy 1 computed @server.js:2"];
const OFF = [
  'express.trust_proxy 1 computed @server.js:2 if process.env.NODE_ENV === "production" off',
];
const image = (stage: string) => `FROM node:24\nENV NODE_ENV=${stage}\nCMD ["node", "server.js"]\n`;

const rows: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  ["the image's", { Dockerfile: image("production") }, ON],
  [
    "that of a stage that is thrown away",
    { Dockerfile: `${image("production")}FROM node:24\n` },
    OFF,
  ],
  ["that of development", { "Dockerfile.dev": image("production") }, OFF],
  [
    "of two images that differ",
    { Dockerfile: image("production"), "docker/Dockerfile": image("test") },
    OFF,
  ],
  ["one that the environment sets", { Dockerfile: image("production") }, OFF, { NODE_ENV: "test" }],
  ["none", {}, OFF],
];

for (const [name, files, expected, env] of rows)
  test(`the stage a program runs in: ${name}`, async () => {
    assert.deepEqual(shownRows(await settingRows({ ...SERVER, ...files }, env), /trust/), expected);
  });

test("images are asked up to a limit", async () => {
  const told = async (count: number) => {
    const empty = Array.from({ length: count }, (_, at) => [`Dockerfile.a${at}`, "FROM a\n"]);
    const files = { ...Object.fromEntries(empty), "Dockerfile.z": image("production") };
    return shownRows(await settingRows({ ...SERVER, ...files }), /trust/);
  };
  assert.deepEqual(await told(IMAGES_MAX - 1), ON);
  assert.deepEqual(await told(IMAGES_MAX), OFF);
});
