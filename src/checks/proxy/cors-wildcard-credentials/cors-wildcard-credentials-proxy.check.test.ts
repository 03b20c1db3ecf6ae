import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  corsWildcardCredentials,
  proxyCorsWildcardCredentialsProxy,
} from "./cors-wildcard-credentials-proxy.check.ts";

const WITH = "add_header Access-Control-Allow-Credentials true always;";
const PASS = "proxy_pass http://127.0.0.1:8000;";

/** What is given stands on line 3 and on. */
function server(lines: string, outside = ""): string {
  return `${outside}\nserver { listen 80; server_name a.test;\n${lines}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "echo",
    server(`add_header Access-Control-Allow-Origin $http_origin always; ${WITH} root /srv;`),
    ["cors-wildcard-credentials:3 fail"],
  ],
  [
    "echo in a location",
    server(
      `location /api/ {\nadd_header Access-Control-Allow-Origin $http_origin; ${WITH} ${PASS} }`,
    ),
    ["cors-wildcard-credentials:4 fail"],
  ],
  [
    "echo in an if of OPTIONS",
    server(
      `location / { ${PASS} if ($request_method = OPTIONS) {\nadd_header Access-Control-Allow-Origin $http_origin; ${WITH} return 204; } }`,
    ),
    ["cors-wildcard-credentials:4 fail"],
  ],
  [
    "echo without credentials",
    server("add_header Access-Control-Allow-Origin $http_origin; root /srv;"),
    [],
  ],
  [
    "credentials false",
    server(
      "add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials false; root /srv;",
    ),
    [],
  ],
  [
    "credentials lost on the way",
    server(`${WITH} location / { add_header Access-Control-Allow-Origin $http_origin; ${PASS} }`),
    [],
  ],
  [
    "a name",
    server(`add_header Access-Control-Allow-Origin https://app.a.test; ${WITH} root /srv;`),
    [],
  ],
  [
    "a map that takes all",
    server(
      `add_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
      "map $http_origin $cors { default $http_origin; }",
    ),
    ["cors-wildcard-credentials:3 fail"],
  ],
  [
    "a map with a pattern that takes all",
    server(
      `add_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
      'map $http_origin $cors { "~^https?://" $http_origin; }',
    ),
    ["cors-wildcard-credentials:3 fail"],
  ],
  [
    "a map of names",
    server(
      `add_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
      'map $http_origin $cors { default ""; https://app.a.test $http_origin; }',
    ),
    [],
  ],
  [
    "a map that takes null",
    server(
      `add_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
      'map $http_origin $cors { default ""; null $http_origin; }',
    ),
    ["cors-wildcard-credentials:3 fail"],
  ],
  [
    "set in an if that takes all",
    server(
      `set $cors ""; if ($http_origin ~ ".+") { set $cors $http_origin; }\nadd_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
    ),
    ["cors-wildcard-credentials:4 fail"],
  ],
  [
    "set in an if that asks",
    server(
      `set $cors ""; if ($http_origin ~ "^https://[a-z]+\\.a\\.test$") { set $cors $http_origin; }\nadd_header Access-Control-Allow-Origin $cors; ${WITH} root /srv;`,
    ),
    [],
  ],
  [
    "an asterisk, which browsers refuse",
    server(`add_header Access-Control-Allow-Origin *; ${WITH} root /srv;`),
    ["cors-wildcard-credentials:3 warn"],
  ],
  ["an asterisk alone", server("add_header Access-Control-Allow-Origin *; root /srv;"), []],
  [
    "headers-more",
    server(
      "more_set_headers 'Access-Control-Allow-Origin: $http_origin' 'Access-Control-Allow-Credentials: true'; root /srv;",
    ),
    ["cors-wildcard-credentials:3 fail"],
  ],
  [
    "loopback",
    `server { listen 127.0.0.1:80; add_header Access-Control-Allow-Origin $http_origin; ${WITH} root /srv; }`,
    [],
  ],
  [
    "by a pattern of locations",
    server(
      `location ~ ^/api/v\\d+/ {\nadd_header Access-Control-Allow-Origin $http_origin; ${WITH} ${PASS} }`,
    ),
    ["cors-wildcard-credentials:4 fail"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`cors-wildcard-credentials: ${name}`, () => {
    assert.deepEqual(found([corsWildcardCredentials], text), expected);
  });
}

const statuses: readonly [text: string, status: string][] = [
  ["server { listen 80; root /srv; }", "pass"],
  [
    `server { listen 80; add_header Access-Control-Allow-Origin $http_origin; ${WITH} root /srv; }`,
    "fail",
  ],
];

for (const [text, status] of statuses) {
  test(`proxy.cors-wildcard-credentials: ${text.slice(0, 60)} is ${status}`, () => {
    assert.equal(proxyCorsWildcardCredentialsProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
