import assert from "node:assert/strict";
import { test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";

const HEAD = `const app = require("express")();
const { RateLimiterMemory } = require("rate-limiter-flexible");
const limiter = new RateLimiterMemory({ points: 100, duration: 60 });
function rateLimiter() { return async (req, res, next) => { await limiter.consume(req.ip); next(); }; }
`;

const rows: readonly [name: string, body: string, expected: readonly string[]][] = [
  [
    "of all requests",
    "app.use(rateLimiter());",
    ['ratelimit.app "100 per 60 second" literal ratelimit.app', "ratelimit.app [] literal "],
  ],
  ["below a path", 'app.use("/api", rateLimiter());', ["ratelimit.app [] literal ratelimit.app"]],
  [
    "of one route",
    'app.get("/", rateLimiter(), show);',
    ["ratelimit.app [] literal ratelimit.app"],
  ],
  [
    "named for nothing of the kind",
    "app.use(other());",
    ["ratelimit.app [] literal ratelimit.app"],
  ],
];

for (const [name, body, expected] of rows)
  test(`middleware of the project that limits: ${name}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"express":"5"}}',
      "server.js": HEAD + body,
    });
    const told = found.filter(({ slug }) => slug === "ratelimit.app");
    assert.deepEqual(
      told.map((row) => `${shownRows([row], /./)[0]?.replace(/ @.*/, "")} ${row.property ?? ""}`),
      expected,
    );
  });

const fastify: readonly [options: string, expected: string][] = [
  ["{ max: 10, timeWindow: 60_000 }", '"10 per 60 second"'],
  ["{ global: true, max: 10, timeWindow: 60_000 }", '"10 per 60 second"'],
  ["{ global: true, max: (req) => req.max, timeWindow: 60_000 }", "unknown"],
  ["{ global: false }", "[]"],
];

for (const [options, expected] of fastify)
  test(`@fastify/rate-limit with ${options}`, async () => {
    const found = await settingRows({
      "package.json": '{"dependencies":{"fastify":"5"}}',
      "server.js": `const app = require("fastify")();\napp.register(require("@fastify/rate-limit"), ${options});\n`,
    });
    assert.deepEqual(
      shownRows(found, /^ratelimit.app/).map((each) => each.split(" ").slice(1, -2).join(" ")),
      [expected],
    );
  });

test("Nest hands trustProxy to Fastify", async () => {
  const found = await settingRows({
    "package.json": '{"dependencies":{"@nestjs/core":"11"},"main":"main.js"}',
    "main.js":
      'const { NestFactory } = require("@nestjs/core");\nconst { FastifyAdapter } = require("@nestjs/platform-fastify");\nNestFactory.create(App, new FastifyAdapter({ trustProxy: 1 }));\n',
  });
  assert.deepEqual(shownRows(found, /trust_proxy/), ["fastify.trust_proxy 1 literal @main.js:3"]);
});
