import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyStatusPageExposedProxy,
  statusPageExposed,
} from "./status-page-exposed-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "open",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n }\n}",
    ["status-page-exposed:4 warn"],
  ],
  [
    "allow without deny",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  allow 127.0.0.1;\n }\n}",
    ["status-page-exposed:4 warn"],
  ],
  [
    "allow and deny",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  allow 127.0.0.1;\n  deny all;\n }\n}",
    [],
  ],
  [
    "one address denied",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  deny 203.0.113.9;\n  allow all;\n }\n}",
    ["status-page-exposed:4 warn"],
  ],
  [
    "a password",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "the rules of the server",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n location = /nginx_status {\n  stub_status;\n }\n}",
    [],
  ],
  [
    "on loopback",
    "server {\n listen 127.0.0.1:8090;\n location = /nginx_status {\n  stub_status;\n }\n}",
    [],
  ],
  [
    "on IPv6 loopback",
    "server {\n listen [::1]:8090;\n location = /nginx_status {\n  stub_status;\n }\n}",
    [],
  ],
  [
    "on a unix socket",
    "server {\n listen unix:/run/status.sock;\n location = /nginx_status {\n  stub_status;\n }\n}",
    [],
  ],
  [
    "IPv4 denied, IPv6 not",
    "server {\n listen 80;\n listen [::]:80;\n location = /nginx_status {\n  stub_status;\n  deny 0.0.0.0/0;\n }\n}",
    ["status-page-exposed:5 warn"],
  ],
  [
    "IPv4 denied where there is no other",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  deny 0.0.0.0/0;\n }\n}",
    [],
  ],
  [
    "guarded by a geo variable",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  if ($is_office = 0) { return 403; }\n }\n}",
    [],
  ],
  [
    "an if on the method guards nothing",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  if ($request_method != GET) { return 405; }\n  if ($http_user_agent ~ bot) { return 403; }\n }\n}",
    ["status-page-exposed:4 warn"],
  ],
  [
    "a client certificate",
    "server {\n listen 443 ssl;\n ssl_verify_client on;\n location = /nginx_status {\n  stub_status;\n }\n}",
    [],
  ],
  [
    "satisfy any with a password and addresses",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n  satisfy any;\n  allow 127.0.0.1;\n  deny all;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "the server redirects",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n }\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "Apache's behind it",
    "server {\n listen 80;\n location /server-status {\n  proxy_pass http://127.0.0.1:8080;\n }\n}",
    ["status-page-exposed:3 warn"],
  ],
  [
    "a page of the application",
    "server {\n listen 80;\n location /status {\n  proxy_pass http://127.0.0.1:8080;\n }\n}",
    [],
  ],
  ["denied", "server {\n listen 80;\n location /server-status {\n  deny all;\n }\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`status-page-exposed: ${name}`, () =>
    assert.deepEqual(found([statusPageExposed], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "guarded",
    "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n deny all; }\n}",
    "pass",
  ],
  ["open", "server {\n listen 80;\n location = /nginx_status {\n  stub_status;\n }\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.status-page-exposed: ${name} is ${status}`, () => {
    assert.equal(proxyStatusPageExposedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
