import assert from "node:assert/strict";
import { test } from "node:test";
import { concernOf } from "../proxy-rules/concern.ts";
import { headerWanted } from "./example-header-cases.ts";
import { bodySizeStatements, rateLimitStatements } from "./limit-statements.ts";

const PASS = "proxy_pass http://127.0.0.1:8000;";
const ROUTE = `location / { ${PASS} }`;
const told = (steps: ReturnType<typeof bodySizeStatements>) =>
  steps.map(({ says, value, where }) => [says, value, where].filter(Boolean).join(" "));

const SIZES: readonly [lines: string, told: readonly string[]][] = [
  [`client_max_body_size 10m; ${ROUTE}`, ["sets 10m nginx.conf:2"]],
  [`location / { ${PASS} client_max_body_size 0; }`, ["sets 0 nginx.conf:2"]],
  [ROUTE, ["sets 1m nginx's default, nothing is set: nginx.conf:2"]],
  ["return 301 https://b.test;", []],
];
for (const [lines, expected] of SIZES) {
  test(`size of bodies: ${lines}`, () => {
    assert.deepEqual(told(bodySizeStatements(concernOf(headerWanted(lines)))), expected);
  });
}

const RATES: readonly [lines: string, told: readonly string[]][] = [
  [
    `limit_req zone=perip burst=20 nodelay; ${ROUTE}`,
    ["sets limit_req zone=perip burst=20 nodelay nginx.conf:2"],
  ],
  [ROUTE, ["passes-on no limit_req: nginx.conf:2"]],
  ["return 301 https://b.test;", []],
];
for (const [lines, expected] of RATES) {
  test(`limit of requests: ${lines}`, () => {
    assert.deepEqual(told(rateLimitStatements(concernOf(headerWanted(lines)))), expected);
  });
}
