import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  mapWithoutDefault,
  proxyMapWithoutDefaultProxy,
} from "./map-without-default-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "without default",
    'map $http_x_role $is_admin {\n admin 1;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    ["map-without-default:1 note"],
  ],
  [
    "with default",
    'map $http_x_role $is_admin {\n admin 1;\n default 0;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    [],
  ],
  [
    "of no access",
    "map $http_x_role $is_admin {\n admin 1;\n}\nserver {\n listen 80;\n add_header X $is_admin;\n}",
    [],
  ],
  [
    "a redirect is no guard",
    "map $http_x_role $is_admin {\n admin 1;\n}\nserver {\n listen 80;\n if ($is_admin) { return 301 /x; }\n}",
    [],
  ],
  [
    "of a rate limit",
    'map $http_x $k {\n a "";\n}\nlimit_req_zone $k zone=z:1m rate=1r/s;\nserver {\n listen 80;\n\n}',
    [],
  ],
  [
    "the realm of a password",
    "map $http_x $realm {\n a off;\n}\nserver {\n listen 80;\n auth_basic $realm;\n}",
    ["map-without-default:1 note"],
  ],
  [
    "a geo",
    'geo $is_admin {\n 10.0.0.0/8 1;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    ["map-without-default:1 note"],
  ],
  [
    "an include that was not read",
    'map $http_x_role $is_admin {\n admin 1;\n include more.map;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`map-without-default: ${name}`, () =>
    assert.deepEqual(found([mapWithoutDefault], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "with default",
    'map $http_x_role $is_admin {\n admin 1;\n default 0;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    "pass",
  ],
  [
    "without",
    'map $http_x_role $is_admin {\n admin 1;\n}\nserver {\n listen 80;\n location /p/ {\n  if ($is_admin = "") {\n   return 403;\n  }\n }\n}',
    "pass",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.map-without-default: ${name} is ${status}`, () => {
    assert.equal(proxyMapWithoutDefaultProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
