import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyValidReferersNoneProxy,
  validReferersNone,
} from "./valid-referers-none-proxy.check.ts";

const ASKED = "if ($invalid_referer) { return 403; }";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "none",
    `server { location /a/ {\nvalid_referers none blocked server_names; ${ASKED} } }`,
    ["valid-referers-none:2 warn"],
  ],
  [
    "none in the server",
    `server {\nvalid_referers none a.test; location / { ${ASKED} } }`,
    ["valid-referers-none:2 warn"],
  ],
  [
    "without none",
    `server { location /a/ { valid_referers server_names *.a.test; ${ASKED} } }`,
    [],
  ],
  ["blocked alone", `server { location /a/ { valid_referers blocked a.test; ${ASKED} } }`, []],
  ["a site called none.test", `server { location /a/ { valid_referers none.test; ${ASKED} } }`, []],
  ["nobody asks", "server { location /a/ { valid_referers none a.test; } }", []],
  [
    "asked by a map",
    "map $invalid_referer $bad { default 0; 1 1; }\nserver {\nvalid_referers none a.test; if ($bad) { return 403; } }",
    ["valid-referers-none:3 warn"],
  ],
  [
    "only another server asks",
    `server { listen 81; valid_referers none a.test; } server { ${ASKED} }`,
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`valid-referers-none: ${name}`, () => {
    assert.deepEqual(found([validReferersNone], text), expected);
  });
}

const statuses: readonly [text: string, status: string][] = [
  [`server { valid_referers a.test; ${ASKED} }`, "pass"],
  [`server { valid_referers none; ${ASKED} }`, "warn"],
];

for (const [text, status] of statuses) {
  test(`proxy.valid-referers-none: ${text} is ${status}`, () => {
    assert.equal(proxyValidReferersNoneProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
