import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const rows: readonly [name: string, body: string, expected: readonly string[]][] = [
  [
    "a package, where a variable says so",
    'const enforce = require("express-sslify");\nif (process.env.FORCE_HTTPS !== "false") app.use(enforce.HTTPS({ trustProtoHeader: true }));',
    ["express.force_https true computed @server.js:3"],
  ],
  [
    "a package that is middleware itself",
    'app.use(require("express-force-ssl"));',
    ["express.force_https true literal @server.js:2"],
  ],
  [
    "middleware of the project",
    "app.use((req, res, next) => {\n if (req.secure) return next();\n res.redirect(301, `https://${req.headers.host}${req.url}`);\n});",
    ["express.force_https true computed @server.js:4 if not (req.secure)"],
  ],
  [
    "middleware that adds texts",
    'app.use((req, res, next) => { res.redirect("https://" + req.headers.host + req.url); });',
    ["express.force_https true literal @server.js:2"],
  ],
  [
    "a redirect elsewhere",
    'app.use((req, res, next) => res.redirect("https://example.com/login"));',
    [],
  ],
  ["a route", "app.get('/', (req, res) => res.redirect(`https://${req.query.to}`));", []],
  ["nothing", "", []],
];

for (const [name, body, expected] of rows)
  test(`redirects to https: ${name}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"express":"5"}}',
      "server.js": `const app = require("express")();\n${body}\n`,
    });
    assert.deepEqual(shownRows(found, /force_https/), expected);
  });
