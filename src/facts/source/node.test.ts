import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

async function rowsOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly SourceSetting[]> {
  const source = knownValue((await sourceFacts({ files, env })).source);
  assert.ok(source !== undefined);
  return source.settings;
}

/** `slug value kind`, with `@file:line` and its condition where it has one. */
function shown(row: SourceSetting): string {
  const { slug, resolved, file, line, kind, condition, isOff } = row;
  const value = resolved.state === "known" ? JSON.stringify(resolved.value ?? null) : "unknown";
  const place = line === null ? "" : ` @${file}:${line}`;
  const off = isOff === true ? " off" : "";
  return `${slug} ${value} ${kind}${place}${condition === undefined ? "" : ` if ${condition}`}${off}`;
}

const HEAD = `const express = require("express");
const app = express();
`;

const express: readonly [
  name: string,
  body: string,
  wanted: RegExp,
  expected: readonly string[],
  env?: Readonly<Record<string, string>>,
][] = [
  [
    "a session's defaults",
    'app.use(require("express-session")({ secret: process.env.K }));',
    /^express\.session_(?:cookie|max)/,
    [
      "express.session_cookie_secure false absent",
      "express.session_cookie_httponly true absent",
      "express.session_cookie_samesite null absent",
      "express.session_max_age null absent",
    ],
  ],
  [
    "a session whose options are a variable that production changes",
    `const session = require("express-session");
const options = { secret: process.env.K || "cat", cookie: {} };
if (app.get("env") === process.env.STAGE) {
  app.set("trust proxy", 1);
}
if (process.env.NODE_ENV === "production") {
  options.cookie.secure = true;
}
app.use(session(options));`,
    /^express\.session_cookie_secure/,
    ["express.session_cookie_secure true env @server.js:9"],
    { NODE_ENV: "production", K: "x".repeat(40) },
  ],
  [
    "secure as the connection, with a trusted proxy",
    `app.set("trust proxy", 1);
app.use(require("express-session")({ secret: "s", cookie: { secure: "auto" } }));`,
    /^express\.(?:session_cookie_secure|trust)/,
    [
      "express.session_cookie_secure true literal @server.js:4",
      "express.trust_proxy 1 literal @server.js:3",
    ],
  ],
  [
    "secure as the connection, with none",
    'app.use(require("express-session")({ secret: "s", cookie: { secure: "auto" } }));',
    /^express\.session_cookie_secure/,
    ["express.session_cookie_secure false literal @server.js:3"],
  ],
  [
    "no protection against forged requests",
    'app.use(require("express-session")({ secret: "s" }));',
    /^express\.csrf/,
    ["express.csrf false absent"],
  ],
  [
    "protection by lusca",
    'app.use(require("express-session")({ secret: "s" }));\napp.use(require("lusca")({ csrf: true }));',
    /^express\.csrf/,
    ["express.csrf true literal @server.js:4"],
  ],
  [
    "helmet",
    'const helmet = require("helmet");\napp.use(helmet({ hsts: { maxAge: 600, preload: true }, frameguard: false }));',
    /^express\.(?:helmet|hsts|frame_options|nosniff|x_powered_by)/,
    [
      'express.helmet "hsts, frameguard" literal @server.js:4',
      'express.hsts "max-age=600; includeSubDomains; preload" literal @server.js:4',
      "express.frame_options null literal @server.js:4",
      'express.nosniff "nosniff" literal @server.js:4',
      "express.x_powered_by null literal @server.js:4",
    ],
  ],
  [
    "helmet that only reports",
    'app.use(require("helmet")({ contentSecurityPolicy: { reportOnly: true, directives: { defaultSrc: ["\'self\'"] }, useDefaults: false } }));',
    /^express\.csp/,
    [
      "express.csp_report_only \"default-src 'self'\" literal @server.js:3",
      "express.csp null absent",
    ],
  ],
  [
    "helmet that reports where a variable says so",
    'app.use(require("helmet")({ contentSecurityPolicy: { reportOnly: x() } }));',
    /^express\.csp/,
    ["express.csp unknown computed @server.js:3"],
  ],
  [
    "one part of helmet below a path",
    'app.use("/admin", require("helmet").noSniff());',
    /^express\.nosniff/,
    ['express.nosniff "nosniff" computed @server.js:3 if only below /admin'],
  ],
  [
    "middleware of the project",
    `app.use((req, res, next) => {
  if (process.env.EMBED !== "1") res.setHeader("X-Frame-Options", "DENY");
  res.removeHeader("X-Powered-By");
  next();
});`,
    /^express\.(?:frame_options|x_powered_by)/,
    [
      'express.frame_options "DENY" computed @server.js:4',
      "express.x_powered_by null literal @server.js:5",
    ],
  ],
  [
    "middleware under a condition that does not hold",
    `app.use(headers);
function headers(req, res, next) {
  if (process.env.EMBED !== "1") res.set({ "X-Frame-Options": "DENY" });
  next();
}`,
    /^express\.frame_options/,
    ['express.frame_options "DENY" computed @server.js:5 if process.env.EMBED !== "1" off'],
    { EMBED: "1" },
  ],
  [
    "one route's answer is not the application's",
    'app.get("/", (req, res) => { res.set("X-Frame-Options", "DENY"); });',
    /^express\.frame_options/,
    ["express.frame_options null absent"],
  ],
  [
    "comments and strings",
    '// app.use(require("helmet")());\nconst s = "app.disable(\'x-powered-by\')";',
    /^express\.(?:helmet|x_powered_by)/,
    ['express.helmet "none" absent', 'express.x_powered_by "Express" absent'],
  ],
  [
    "app.disable",
    'app.disable("x-powered-by");',
    /^express\.x_powered_by/,
    ["express.x_powered_by null literal @server.js:3"],
  ],
  [
    "CORS that lets every origin in with credentials",
    'app.use(require("cors")({ origin: true, credentials: true }));',
    /^cors\./,
    [
      'cors.allow_origins "*" literal @server.js:3',
      "cors.allow_credentials true literal @server.js:3",
    ],
  ],
  [
    "CORS by a list of a variable",
    'app.use(require("cors")({ origin: (process.env.ORIGINS || "").split(",") }));',
    /^cors\.allow_origins/,
    ['cors.allow_origins ["https://a.test","https://b.test"] computed @server.js:3'],
    { ORIGINS: "https://a.test,https://b.test" },
  ],
  [
    "limits of all routes and of signing in",
    `const { rateLimit } = require("express-rate-limit");
const loginLimiter = rateLimit({ windowMs: 60 * 1000, max: 5 });
app.use(rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }));
app.post("/login", loginLimiter);`,
    /^ratelimit\.(?:app|login)/,
    [
      'ratelimit.login "5 per 60 second" literal @server.js:4',
      'ratelimit.app "100 per 900 second" literal @server.js:5',
    ],
  ],
  [
    "where it listens",
    'app.listen(process.env.PORT || 3000, process.env.HOST || "127.0.0.1");',
    /^express\.bind/,
    ['express.bind "127.0.0.1" env @server.js:3'],
  ],
  [
    "what bodies may hold",
    'app.use(express.json({ limit: "10mb" }));',
    /^express\.body_limit/,
    ["express.body_limit 10485760 literal @server.js:3"],
  ],
  [
    "a cookie of its own",
    'app.get("/", (req, res) => { res.cookie("sid", "v", { secure: true, sameSite: "Lax" }); });',
    /^cookie\.session/,
    [
      "cookie.session.secure true literal @server.js:3",
      "cookie.session.httponly false absent",
      'cookie.session.samesite "lax" literal @server.js:3',
    ],
  ],
  [
    "a secret with something to take instead",
    'const secret = process.env.APP_SECRET || "changeme";',
    /^secret\.fallback/,
    ["secret.fallback null env @server.js:3"],
  ],
];

for (const [name, body, wanted, expected, env] of express) {
  test(`Express: ${name}`, async () => {
    const rows = await rowsOf({ "server.js": HEAD + body }, env);
    assert.deepEqual(rows.filter(({ slug }) => wanted.test(slug)).map(shown), expected);
  });
}

test("Express: values come from other files of the project, and rows name their places", async () => {
  const rows = await rowsOf({
    "package.json": '{"scripts":{"start":"node ./dist/index.js"},"dependencies":{"express":"5"}}',
    "tsconfig.json": '{ "compilerOptions": { /* c */ "paths": { "@/*": ["./src/*"] } } }',
    "src/index.ts":
      'import express from "express";\nimport { secure } from "@/http/secure";\nimport { host } from "./config";\nconst app = express();\nsecure(app);\napp.listen(80, host);\n',
    "src/http/secure.ts":
      'import helmet from "helmet";\nexport function secure(app: any) {\n  app.use(helmet());\n}\n',
    "src/config.ts": 'export const host = process.env.HOST ?? "0.0.0.0";\n',
  });
  assert.deepEqual(
    rows.filter(({ slug }) => /helmet|bind/.test(slug)).map(shown),
    [
      'express.bind "0.0.0.0" env @src/index.ts:6',
      'express.bind "0.0.0.0" env @src/config.ts:1',
      'express.helmet "defaults" literal @src/http/secure.ts:3',
    ].toSorted((a, b) =>
      a.startsWith("express.helmet") ? -1 : b.startsWith("express.helmet") ? 1 : 0,
    ),
  );
});

test("Express: tests, examples and minified files do not count", async () => {
  const helmet = 'const app = require("express")();\napp.use(require("helmet")());\n';
  const rows = await rowsOf({
    "server.js": HEAD,
    "server.test.js": helmet,
    "examples/app.js": helmet,
    "app.min.js": `${"x".repeat(30_000)};${helmet}`,
  });
  assert.deepEqual(rows.filter(({ slug }) => slug === "express.helmet").map(shown), [
    'express.helmet "none" absent',
  ]);
});

test("Koa: session, keys, proxy and fields", async () => {
  const rows = await rowsOf({
    "app.js": `const Koa = require("koa");
const session = require("koa-session");
const app = new Koa();
app.keys = [process.env.KEY];
app.proxy = true;
app.use(session({ key: "sid", maxAge: 3600000, sameSite: "strict" }, app));
app.use(async (ctx, next) => {
  ctx.set("X-Content-Type-Options", "nosniff");
  await next();
});
app.listen(3000);
`,
  });
  const wanted = /^koa\.(?:session_(?:cookie|max)|trust|nosniff|bind)/;
  assert.deepEqual(rows.filter(({ slug }) => wanted.test(slug)).map(shown), [
    "koa.session_cookie_secure true absent",
    "koa.session_cookie_httponly true absent",
    'koa.session_cookie_samesite "strict" literal @app.js:6',
    "koa.session_max_age 3600 literal @app.js:6",
    'koa.nosniff "nosniff" literal @app.js:8',
    'koa.bind "every address" literal @app.js:11',
    "koa.trust_proxy true literal @app.js:5",
  ]);
});

test("Fastify: plugins with their options", async () => {
  const rows = await rowsOf({
    "server.js": `import Fastify from "fastify";
import helmet from "@fastify/helmet";
import cors from "@fastify/cors";
const fastify = Fastify({ trustProxy: "127.0.0.1" });
await fastify.register(helmet, { contentSecurityPolicy: false });
await fastify.register(cors, { origin: ["https://a.test"] });
fastify.listen({ port: 80, host: "127.0.0.1" });
`,
  });
  const wanted = /^fastify\.(?:helmet|csp|trust|bind)|^cors\.allow_origins/;
  assert.deepEqual(rows.filter(({ slug }) => wanted.test(slug)).map(shown), [
    'fastify.helmet "contentSecurityPolicy" literal @server.js:5',
    "fastify.csp null literal @server.js:5",
    'fastify.bind "127.0.0.1" literal @server.js:7',
    'fastify.trust_proxy "127.0.0.1" literal @server.js:4',
    'cors.allow_origins ["https://a.test"] literal @server.js:6',
  ]);
});

const CONFIG = `import type { NextConfig } from "next";
const csp = \`
  default-src 'self';
  script-src 'self' 'unsafe-inline';
  frame-ancestors \${process.env.FRAMES || "'none'"};
\`;
const headers = [{ key: "Content-Security-Policy", value: csp.replace(/\\n/g, "") }];
if (process.env.FORCE_SSL) {
  headers.push({
    key: "Strict-Transport-Security",
    value: "max-age=63072000",
  });
}
const config: NextConfig = {
  poweredByHeader: false,
  async headers() {
    return [
      { source: "/:path*", headers },
      { source: "/embed", headers: [{ key: "X-Frame-Options", value: "DENY" }] },
    ];
  },
};
export default withPlugin(config);
`;

const next: readonly [env: Record<string, string>, hsts: string][] = [
  [{}, 'next.hsts "max-age=63072000" computed @next.config.ts:10 if process.env.FORCE_SSL off'],
  // Any text that is not empty is true.
  [{ FORCE_SSL: "false" }, 'next.hsts "max-age=63072000" computed @next.config.ts:10'],
];

test("node: an application that is made where its package is asked for is one", async () => {
  const rows = await rowsOf({
    "package.json": '{"dependencies":{"express":"5"}}',
    "server.js": 'const app = require("express")();\napp.use(require("helmet").noSniff());\n',
  });
  assert.deepEqual(rows.filter(({ slug }) => /hsts|nosniff/.test(slug)).map(shown), [
    'express.nosniff "nosniff" literal @server.js:2',
    "express.hsts null absent",
  ]);
});

test("node: credentials of next.config are a truth, as those of middleware are", async () => {
  const config = `module.exports = { async headers() { return [{ source: "/api/:path*", headers: [
  { key: "Access-Control-Allow-Origin", value: "*" },
  { key: "Access-Control-Allow-Credentials", value: "true" }] }]; } };`;
  const files = { "package.json": '{"dependencies":{"next":"16"}}', "next.config.js": config };
  const rows = (await rowsOf(files)).filter(({ slug }) => slug.startsWith("cors."));
  assert.deepEqual(
    rows.map(({ slug, resolved }) => [slug, "value" in resolved && resolved.value]),
    [
      ["cors.allow_origins", "*"],
      ["cors.allow_credentials", true],
    ],
  );
});

for (const [env, hsts] of next) {
  test(`Next.js with ${JSON.stringify(env)}`, async () => {
    const files = { "package.json": '{"dependencies":{"next":"16"}}', "next.config.ts": CONFIG };
    const rows = (await rowsOf(files, env)).filter(({ slug }) => slug.startsWith("next."));
    const wanted = /^next\.(?:csp|hsts|frame|nosniff|x_powered)/;
    assert.deepEqual(rows.filter(({ slug }) => wanted.test(slug)).map(shown), [
      `next.csp "  default-src 'self';  script-src 'self' 'unsafe-inline';  frame-ancestors 'none';" computed @next.config.ts:7`,
      hsts,
      'next.frame_options "DENY" computed @next.config.ts:19 if only on /embed',
      `next.csp "script-src 'self' 'unsafe-inline'" literal @next.config.ts:4`,
      "next.frame_ancestors unknown computed @next.config.ts:5",
      "next.nosniff null absent",
      "next.x_powered_by null literal @next.config.ts:15",
    ]);
  });
}

test("Sentry for Node", async () => {
  const rows = await rowsOf({
    "server.js": `${HEAD}const Sentry = require("@sentry/node");
Sentry.init({ dsn: process.env.SENTRY_DSN, sendDefaultPii: true, tracesSampleRate: 1 });
`,
  });
  assert.deepEqual(rows.filter(({ slug }) => slug.startsWith("sentry.")).map(shown), [
    "sentry.init true literal @server.js:4",
    "sentry.dsn null env @server.js:4",
    "sentry.traces_rate 1 literal @server.js:4",
    "sentry.send_default_pii true literal @server.js:4",
  ]);
});
