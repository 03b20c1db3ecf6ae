import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyReturnBypassesAclProxy,
  returnBypassesAcl,
} from "./return-bypasses-acl-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a text behind allow and deny",
    'server {\n listen 80;\n location /internal {\n  allow 10.0.0.0/8;\n  deny all;\n  return 200 "build 4711\\n";\n }\n}',
    ["return-bypasses-acl:6 fail"],
  ],
  ["an error", "server {\n listen 80;\n location /a {\n  deny all;\n  return 404;\n }\n}", []],
  [
    "a redirect",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "an empty answer to OPTIONS",
    "server {\n listen 80;\n location /a {\n  allow 10.0.0.0/8;\n  deny all;\n  if ($request_method = OPTIONS) {\n   return 204;\n  }\n }\n}",
    [],
  ],
  [
    "a password of its own",
    'server {\n listen 80;\n location /a {\n  auth_basic x;\n  return 200 "key";\n }\n}',
    ["return-bypasses-acl:5 fail"],
  ],
  [
    "a word of health under an inherited list",
    'server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n location = /healthz {\n  return 200 "ok\\n";\n }\n}',
    [],
  ],
  [
    "more than that",
    'server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n location = /version {\n  return 200 "build 4711";\n }\n}',
    ["return-bypasses-acl:6 fail"],
  ],
  ["no access rules", 'server {\n listen 80;\n location = /a {\n  return 200 "build";\n }\n}', []],
  [
    "a list that keeps nobody out",
    'server {\n listen 80;\n location = /a {\n  deny 203.0.113.9;\n  allow all;\n  return 200 "build";\n }\n}',
    [],
  ],
  [
    "in a dead location",
    'server {\n listen 80;\n return 301 https://$host$request_uri;\n location /a {\n  deny all;\n  return 200 "build";\n }\n}',
    [],
  ],
  [
    "within if",
    'server {\n listen 80;\n location /a {\n  deny all;\n  if ($arg_x) {\n   return 200 "build";\n  }\n }\n}',
    ["return-bypasses-acl:6 fail"],
  ],
  [
    "in the outer location the list, the return within",
    'server {\n listen 80;\n location /a {\n  deny all;\n  location /a/b {\n   return 200 "build";\n  }\n }\n}',
    ["return-bypasses-acl:6 fail"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`return-bypasses-acl: ${name}`, () =>
    assert.deepEqual(found([returnBypassesAcl], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["no return", "server {\n listen 80;\n location /a { deny all; }\n}", "pass"],
  ["a return", 'server {\n listen 80;\n location /a { deny all; return 200 "x y"; }\n}', "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.return-bypasses-acl: ${name} is ${status}`, () => {
    assert.equal(proxyReturnBypassesAclProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
