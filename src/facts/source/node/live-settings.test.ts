import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const LOADER = `const settings = { title: "x", trustProxy: false, port: 1, cookie: { secure: false, maxAge: 1 } };
for (const [key, value] of Object.entries(load())) settings[key] = value;
module.exports = settings;
`;
const SERVER = {
  "package.json": '{"dependencies":{"express":"5"}}',
  "server.js": `const settings = require("./settings");
const app = require("express")();
if (settings.trustProxy) app.enable("trust proxy");
app.use(require("express-session")({ secret: "s", cookie: { secure: settings.cookie.secure, maxAge: settings.cookie.maxAge } }));
`,
  "settings.js": LOADER,
};
const FILE =
  '{ "title": "y", "port": "${PORT:2}", "trustProxy": "${TRUST:false}", "cookie": { "secure": true } }';
const WANTED = /trust_proxy|cookie_secure|max_age/;
const DOCKERFILE =
  "FROM node:24\nARG SETTINGS=./settings.json.docker\nCOPY --chown=a:a ${SETTINGS} ./settings.json\n";
const server = (trust: string) => [
  "express.session_cookie_secure true literal @server.js:4",
  "express.session_max_age 0.001 literal @server.js:4",
  `express.trust_proxy true computed @server.js:3${trust}`,
];
const OFF = server(" if settings.trustProxy off");
const UNKNOWN = [
  "express.session_cookie_secure unknown computed @server.js:4",
  "express.session_max_age unknown computed @server.js:4",
  "express.trust_proxy true computed @server.js:3 if settings.trustProxy",
];

const rows: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  ["a file in its own place", { "settings.json": FILE }, OFF],
  ["a variable of it that is set", { "settings.json": FILE }, server(""), { TRUST: "true" }],
  [
    "a sample that an image copies into its place",
    { "settings.json.docker": FILE, Dockerfile: DOCKERFILE },
    OFF,
  ],
  ["a sample that nobody copies", { "settings.json.docker": FILE }, UNKNOWN],
  [
    "a sample that an image copies beside it",
    {
      "settings.json.docker": FILE,
      Dockerfile: "FROM a\nCOPY settings.json.docker settings.json.template\n",
    },
    UNKNOWN,
  ],
  [
    "a file of something else",
    { "config.json": '{ "title": "z", "colour": 1, "port": 2 }' },
    UNKNOWN,
  ],
  ["none", {}, UNKNOWN],
];

for (const [name, files, expected, env] of rows)
  test(`settings that are loaded at run time: ${name}`, async () => {
    const found = (await settingRows({ ...SERVER, ...files }, env)).filter(
      ({ file }) => file === "server.js",
    );
    assert.deepEqual(shownRows(found, WANTED), expected);
  });
