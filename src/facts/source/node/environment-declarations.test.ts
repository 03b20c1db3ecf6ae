import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";
import { DECLARING_FILES_MAX } from "./environment-declarations.ts";
import { variableSlug } from "./variable-names.ts";

const SERVER = {
  "package.json": '{"dependencies":{"koa":"3"},"main":"app.js"}',
  "app.js": 'const Koa = require("koa");\nrequire("./env");\nnew Koa();\n',
};

const rows: readonly [
  name: string,
  text: string,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  [
    "members of a class",
    'class Environment {\n  SECRET_KEY = environment.SECRET_KEY ?? "";\n  FORCE_HTTPS = this.toBoolean(\n    environment.FORCE_HTTPS ?? "true"\n  );\n}',
    ['koa.secret_key "" env @env.ts:2', 'koa.force_https "true" env @env.ts:3'],
  ],
  [
    "members of an object, and one inside the other",
    "export default {\n  log: {\n    level: process.env.APP_LOG_LEVEL || 'info',\n  },\n  title: process.env.TITLE,\n};",
    ['logging.level "info" env @env.ts:3'],
  ],
  [
    "a schema of zod",
    'const schema = z.object({\n  RATE_LIMIT_ENABLED: z.enum(["true", "false"]).default("true"),\n  TRUST_PROXY: z.coerce.boolean().optional(),\n}).parse(process.env);',
    ['ratelimit.app "true" env @env.ts:2', "koa.trust_proxy null env @env.ts:3"],
  ],
  [
    "a schema of envalid",
    "cleanEnv(process.env, {\n  COOKIE_SECURE: bool({ default: false, desc: 'x' }),\n});",
    ["koa.session_cookie_secure false env @env.ts:2"],
  ],
  [
    "a schema of convict",
    "convict({\n  trust: {\n    format: Boolean, default: false, env: 'TRUST_PROXY',\n  },\n});",
    ["koa.trust_proxy false env @env.ts:2"],
  ],
  [
    "a variable that is set",
    "export const level = process.env.LOG_LEVEL || 'info';",
    ['logging.level "debug" env @env.ts:1'],
    { LOG_LEVEL: "debug" },
  ],
  ["two variables", "export const a = process.env.FORCE_HTTPS || process.env.OTHER;", []],
  ["a comparison", "export const isProduction = process.env.NODE_ENV === 'production';", []],
  [
    "a comment and a text",
    "// TRUST_PROXY: bool(process.env)\nconst a = 'process.env.TRUST_PROXY';",
    [],
  ],
  ["another object's member", "const a = shop.TRUST_PROXY; const b = process.env.X;", []],
];

for (const [name, text, expected, env] of rows)
  test(`what a module takes from the environment: ${name}`, async () => {
    const found = await settingRows({ ...SERVER, "env.ts": text }, env);
    const told = found.filter(({ file }) => file === "env.ts");
    const shown = shownRows(told, /./).map((each) =>
      each.replace(/secret_key .* env/, 'secret_key "" env'),
    );
    assert.deepEqual(shown, expected);
  });

test("modules of settings are read up to a limit", async () => {
  const names = Array.from({ length: DECLARING_FILES_MAX + 1 }, (_, at) => `config-${10 + at}.js`);
  const files = Object.fromEntries(
    names.map((each) => [each, "exports.level = process.env.LOG_LEVEL;"]),
  );
  const app = names.map((each) => `require("./${each}");`).join("");
  const found = await settingRows({ ...SERVER, ...files, "app.js": SERVER["app.js"] + app });
  assert.equal(found.filter(({ slug }) => slug === "logging.level").length, DECLARING_FILES_MAX);
});

const names: readonly [variable: string, slug: string | undefined][] = [
  ["FORCE_SSL", "koa.force_ssl"],
  ["SHOP_TRUST_PROXY", "koa.trust_proxy"],
  ["PROXY_HEADERS_TRUSTED", "koa.trust_proxy"],
  ["SESSION_SECRET", "koa.session_secret"],
  ["NEXTAUTH_SECRET", "koa.secret_key"],
  ["S3_SECRET_KEY", undefined],
  ["DATABASE_SSL_CERT", undefined],
  ["SSL_CERT", "koa.tls"],
  ["SHOP_CORS_ORIGIN", "cors.allow_origins"],
  ["DISABLE_RATE_LIMIT", "ratelimit.app"],
  ["NEXT_PUBLIC_SENTRY_DSN", undefined],
  ["SENTRY_DSN", "sentry.dsn"],
  ["DIALOG_LEVELS", undefined],
];

for (const [variable, slug] of names)
  test(`the variable ${variable}`, () => assert.equal(variableSlug("koa", variable), slug));
