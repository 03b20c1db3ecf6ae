import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const FIELDS = `const fields = {
  "X-Content-Type-Options": "nosniff",
  "X-Other": "a",
};
`;
const SET = ['express.nosniff "nosniff" literal @server.js:3'];

const rows: readonly [name: string, body: string, expected: readonly string[]][] = [
  [
    "a loop over entries",
    "app.use((req, res, next) => { for (const [name, value] of Object.entries(fields)) res.setHeader(name, value); next(); });",
    SET,
  ],
  [
    "a function for each entry",
    "app.use((req, res, next) => { Object.entries(fields).forEach(([name, value]) => res.set(name, value)); next(); });",
    SET,
  ],
  [
    "a field that a condition changes",
    'app.use((req, res, next) => { const own = { "X-Content-Type-Options": "none" }; if (req.a) own["X-Content-Type-Options"] = "nosniff"; for (const [name, value] of Object.entries(own)) res.setHeader(name, value); });',
    ["express.nosniff unknown computed @server.js:6"],
  ],
  [
    "entries of another function",
    "const all = () => Object.entries(fields);\napp.use((req, res, next) => { res.setHeader(req.name, req.value); });",
    ["express.nosniff null absent"],
  ],
];

for (const [name, body, expected] of rows)
  test(`fields of answers: ${name}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"express":"5"}}',
      "server.js": `const app = require("express")();\n${FIELDS}${body}\n`,
    });
    assert.deepEqual(shownRows(found, /nosniff/), expected);
  });
