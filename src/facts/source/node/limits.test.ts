import assert from "node:assert/strict";
import { before, test } from "node:test";

import { settingRows, shownRows } from "../../../../test/script-rows.ts";
import { provideRuntime } from "../../../../test/source-facts.ts";

before(provideRuntime);

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
