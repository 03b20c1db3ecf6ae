import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { accessLogOff, proxyAccessLogOffProxy } from "./access-log-off-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["off", "server {\n listen 80;\n access_log off;\n}", ["access-log-off:3 note"]],
  ["/dev/null", "server {\n listen 80;\n access_log /dev/null;\n}", ["access-log-off:3 note"]],
  ["a file", "server {\n listen 80;\n access_log /var/log/a.log;\n}", []],
  [
    "a file beside it",
    "server {\n listen 80;\n access_log /var/log/a.log;\n access_log off;\n}",
    [],
  ],
  ["none", "server {\n listen 80;\n\n}", []],
  [
    "for health checks",
    "server {\n listen 80;\n location = /healthz {\n  access_log off;\n }\n}",
    [],
  ],
  [
    "off, but on where requests end",
    "server {\n listen 80;\n access_log off;\n location / {\n  access_log /var/log/a.log;\n }\n}",
    [],
  ],
  [
    "in http, replaced in one server",
    "http {\n access_log off;\n server { listen 80; server_name a; }\n server { listen 80; server_name b; access_log /a; }\n}",
    ["access-log-off:2 note"],
  ],
  ["on loopback", "server {\n listen 127.0.0.1:80;\n access_log off;\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`access-log-off: ${name}`, () => assert.deepEqual(found([accessLogOff], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["a file", "server {\n listen 80;\n access_log /a;\n}", "pass"],
  ["off", "server {\n listen 80;\n access_log off;\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.access-log-off: ${name} is ${status}`, () => {
    assert.equal(proxyAccessLogOffProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
