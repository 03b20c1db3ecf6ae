import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const rows: readonly [name: string, body: string, expected: string][] = [
  ["offered alone", "", "fastify.csrf false literal @server.js:2"],
  [
    "asked for by a hook",
    'app.addHook("preHandler", app.csrfProtection);',
    "fastify.csrf true literal @server.js:2",
  ],
];

for (const [name, body, expected] of rows)
  test(`@fastify/csrf-protection ${name}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"fastify":"5"}}',
      "server.js": `const app = require("fastify")();\napp.register(require("@fastify/csrf-protection"));\n${body}\n`,
    });
    assert.deepEqual(shownRows(found, /^fastify\.csrf/), [expected]);
  });
