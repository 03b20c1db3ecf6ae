import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const KOA = `const Koa = require("koa");
const app = new Koa();
`;
const SECURE = /^cookie\.\w+\.secure/;

const rows: readonly [name: string, body: string, wanted: RegExp, expected: readonly string[]][] = [
  [
    "Koa's cookies are as secure as the connection, which a trusted proxy tells",
    'app.proxy = true;\napp.use((ctx) => ctx.cookies.set("sid", x()));',
    SECURE,
    ["cookie.session.secure true absent"],
  ],
  [
    "Koa's cookies behind a proxy nobody trusts",
    'app.use((ctx) => ctx.cookies.set("sid", x()));',
    SECURE,
    ["cookie.session.secure false absent"],
  ],
  [
    "Koa's cookies are hidden from scripts without being told",
    'app.use((ctx) => ctx.cookies.set("sid", x()));',
    /httponly/,
    ["cookie.session.httponly true absent"],
  ],
  [
    "a switch that is written down holds whatever the connection",
    'app.proxy = true;\napp.use((ctx) => ctx.cookies.set("sid", x(), { secure: false }));',
    SECURE,
    ["cookie.session.secure false literal @app.js:4"],
  ],
  [
    "a switch that asks the connection",
    'app.proxy = true;\napp.use((ctx) => ctx.cookies.set("sid", x(), { secure: ctx.request.secure }));\napp.use((ctx) => ctx.cookies.set("sid", x(), { secure: ctx.protocol === "https" }));',
    SECURE,
    [
      "cookie.session.secure true computed @app.js:4",
      "cookie.session.secure true computed @app.js:5",
    ],
  ],
  [
    "a switch that asks for something else",
    'app.use((ctx) => ctx.cookies.set("sid", x(), { secure: ctx.state.safe }));',
    SECURE,
    ["cookie.session.secure unknown computed @app.js:3"],
  ],
  [
    "a list of sessions beside the session's own cookie",
    'app.use((ctx) => { ctx.cookies.set("accessToken", x()); ctx.cookies.set("sessions", y(), { httpOnly: false }); });',
    /httponly/,
    ["cookie.session.httponly true absent", "cookie.other.httponly false literal @app.js:3"],
  ],
  [
    "a plural alone is the session",
    'app.use((ctx) => ctx.cookies.set("sessions", y(), { httpOnly: false }));',
    /httponly/,
    ["cookie.session.httponly false literal @app.js:3"],
  ],
];

for (const [name, body, wanted, expected] of rows)
  test(name, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"koa":"3"},"main":"app.js"}',
      "app.js": KOA + body,
    });
    assert.deepEqual(shownRows(found, wanted), expected);
  });
