import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxySatisfyAnyWeakensProxy,
  satisfyAnyWeakens,
} from "./satisfy-any-weakens-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "addresses or a password",
    "server {\n listen 80;\n location /admin/ {\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f; }\n}",
    ["satisfy-any-weakens:4 warn"],
  ],
  [
    "both are asked for",
    "server {\n listen 80;\n location /admin/ {\n satisfy all;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f; }\n}",
    [],
  ],
  [
    "the default",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f;\n}",
    [],
  ],
  [
    "no addresses are let in",
    "server {\n listen 80;\n satisfy any;\n deny all;\n auth_basic x;\n}",
    [],
  ],
  [
    "this machine alone",
    "server {\n listen 80;\n satisfy any;\n allow 127.0.0.1;\n allow ::1;\n deny all;\n auth_basic x;\n}",
    [],
  ],
  ["no password", "server {\n listen 80;\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n}", []],
  [
    "the password is off here",
    "server {\n listen 80;\n auth_basic x;\n location /a/ {\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n auth_basic off;\n }\n}",
    [],
  ],
  [
    "inherited by locations, one finding",
    "server {\n listen 80;\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f;\n location /a/ { }\n location /b/ { }\n}",
    ["satisfy-any-weakens:3 warn"],
  ],
  [
    "a sub-request in place of the password",
    "server {\n listen 80;\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n auth_request /auth;\n}",
    ["satisfy-any-weakens:3 warn"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`satisfy-any-weakens: ${name}`, () =>
    assert.deepEqual(found([satisfyAnyWeakens], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "both",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f;\n}",
    "pass",
  ],
  [
    "one of both",
    "server {\n listen 80;\n satisfy any;\n allow 10.0.0.0/8;\n deny all;\n auth_basic x;\n auth_basic_user_file f;\n}",
    "warn",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.satisfy-any-weakens: ${name} is ${status}`, () => {
    assert.equal(proxySatisfyAnyWeakensProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
