import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";
import { SETTINGS_FILES_MAX } from "./settings-files.ts";
import { settingSlug } from "./settings-names.ts";

const SERVER = {
  "package.json": '{"dependencies":{"express":"5"}}',
  "server.js": 'const app = require("express")();\n',
};
const OF_FILES = /^(?!.*(?:helmet|frame|nosniff|referrer|csp|hsts|powered)).*$/;

const rows: readonly [
  name: string,
  file: string,
  text: string,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  [
    "variables with something to take instead",
    "settings.json.docker",
    '{\n  // "trustProxy": true,\n  "trustProxy": "${TRUST:false}",\n  "cookie": { "sameSite": "${SAME_SITE:Lax}" } }',
    [
      "express.trust_proxy true env @settings.json.docker:3",
      'express.session_cookie_samesite "Lax" env @settings.json.docker:4',
    ],
    { TRUST: "true" },
  ],
  [
    "YAML with variables in its own brackets",
    "config.yml",
    "port: 1\nbindIP: 0.0.0.0\nssl:\n  enabled: $(SSL)\nlogLevel: $(LOG:info)\n",
    [
      'express.bind "0.0.0.0" literal @config.yml:2',
      "express.tls null env @config.yml:4",
      'logging.level "info" env @config.yml:5',
    ],
  ],
  [
    "names of variables, as node-config has them",
    "config/custom-environment-variables.json",
    '{ "session": { "secret": "APP_SECRET", "secure": "APP_SECURE" } }',
    [
      "express.session_secret unknown env @config/custom-environment-variables.json:1",
      'express.session_cookie_secure "yes" env @config/custom-environment-variables.json:1',
    ],
    { APP_SECURE: "yes" },
  ],
  [
    "a secret that everybody knows where no variable gives it",
    "settings.json",
    '{ "client_secret": "${A:admin}", "password": "${B:null}", "token": "${C}" }',
    ["secret.fallback unknown env @settings.json:1"],
  ],
  [
    "a sample",
    "config.sample.json",
    '{ "trustProxy": true }',
    ["express.trust_proxy true literal @config.sample.json:1"],
  ],
  ["settings of development", "settings.dev.json", '{ "trustProxy": true }', []],
  ["another tool's default", "themes/default.json", '{ "trustProxy": true }', []],
  ["no JSON", "settings.json", "trustProxy", []],
];

for (const [name, file, text, expected, env] of rows)
  test(`files of settings: ${name}`, async () => {
    const found = (await settingRows({ ...SERVER, [file]: text }, env)).filter(
      (row) => row.file === file,
    );
    const shown = shownRows(found, OF_FILES);
    assert.deepEqual(
      shown.map((each) => each.replace(/(_secret|fallback) .* env/, "$1 unknown env")),
      expected,
    );
  });

test("files of settings hold no secret in what is told of them", async () => {
  const text = '{ "sessionSecret": "hunter-two-and-more" }';
  const found = await settingRows({ ...SERVER, "settings.json": text });
  const told = found.filter(({ file }) => file === "settings.json");
  assert.deepEqual(
    told.map(({ slug, value }) => [slug, value.replace(/fp:\w+/, "fp")]),
    [["express.session_secret", "set, 19 chars, fp"]],
  );
  assert.equal(JSON.stringify(told).includes("hunter"), false);
});

test("files of settings are read up to a limit", async () => {
  const names = Array.from(
    { length: SETTINGS_FILES_MAX + 1 },
    (_, at) => `config/a${10 + at}/settings.json`,
  );
  const files = Object.fromEntries(names.map((each) => [each, '{ "trustProxy": true }']));
  const found = await settingRows({ ...SERVER, ...files });
  assert.equal(found.filter(({ file }) => file.startsWith("config/")).length, SETTINGS_FILES_MAX);
});

const names: readonly [path: string, value: string | boolean, slug: string | undefined][] = [
  ["trustProxy", true, "express.trust_proxy"],
  ["trust proxy", true, "express.trust_proxy"],
  ["security.securityTrustProxy", true, "express.trust_proxy"],
  ["cookie.secure", true, "express.session_cookie_secure"],
  ["mail.secure", true, undefined],
  ["session.secret", "x", "express.session_secret"],
  ["webhook.secret", "x", undefined],
  ["host", "::1", "express.bind"],
  ["host", "db.internal", undefined],
  ["db.host", "127.0.0.1", undefined],
  ["hsts.enable", true, "express.hsts"],
  ["cors.origin", "*", "cors.allow_origins"],
  ["allowOrigin", "*", undefined],
  ["logging.level", "debug", "logging.level"],
  ["game.level", "1", undefined],
  ["rateLimiting.max", "10", "ratelimit.app"],
  ["pool.max", "10", undefined],
];

for (const [path, value, slug] of names)
  test(`the setting ${path} = ${value}`, () =>
    assert.equal(settingSlug("express", path.split("."), value), slug));
