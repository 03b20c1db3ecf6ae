import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const HEAD = `const express = require("express");
const app = express();
`;
const MIDDLEWARE = `module.exports = (req, res, next) => {
  res.set("X-Content-Type-Options", "nosniff");
  next();
};
`;
const USED = [
  'express.nosniff "nosniff" computed @server/middlewares/security.js:2 if where the middleware at server/middlewares/security.js:1 is used',
];
const MISSING = ["express.nosniff null absent"];

const rows: readonly [name: string, body: string, expected: readonly string[]][] = [
  ["a directory that is loaded whole", 'app.use(require("auto-load")(dir).security);', USED],
  [
    "a name that is worked out",
    "for (const name of names) app.use(require(`${dir}/${name}`));",
    USED,
  ],
  ["a variable", "for (const name of names) app.use(require(name));", USED],
  ["an import of a variable", "for (const name of names) import(name).then(use);", USED],
  ["nothing that is loaded by name", 'app.use(require("morgan")());', MISSING],
];

for (const [name, body, expected] of rows)
  test(`what sets fields beside ${name}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"express":"5"},"scripts":{"start":"node server/index.js"}}',
      "server/index.js": HEAD + body,
      "server/middlewares/security.js": MIDDLEWARE,
    });
    assert.deepEqual(shownRows(found, /nosniff/), expected);
  });

test("what stands outside of the entry point's directory is another program", async () => {
  const found = await settingRows({
    "package.json": '{"dependencies":{"express":"5"},"scripts":{"start":"node server/index.js"}}',
    "server/index.js": `${HEAD}require(name);`,
    "tools/security.js": MIDDLEWARE,
  });
  assert.deepEqual(shownRows(found, /nosniff/), MISSING);
});
