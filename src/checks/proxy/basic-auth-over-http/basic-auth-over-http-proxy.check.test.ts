import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  basicAuthOverHttp,
  proxyBasicAuthOverHttpProxy,
} from "./basic-auth-over-http-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "on port 80",
    "server {\n listen 80;\n auth_basic x;\n auth_basic_user_file f;\n\n}",
    ["basic-auth-over-http:3 fail"],
  ],
  ["over TLS", "server {\n listen 443 ssl;\n auth_basic x;\n auth_basic_user_file f;\n\n}", []],
  [
    "on both",
    "server {\n listen 80;\n listen 443 ssl;\n auth_basic x;\n auth_basic_user_file f;\n}",
    ["basic-auth-over-http:4 fail"],
  ],
  [
    "on both, with an if on the scheme",
    "server {\n listen 80;\n listen 443 ssl;\n if ($scheme = http) { return 301 https://$host$request_uri; }\n auth_basic x;\n auth_basic_user_file f;\n}",
    [],
  ],
  [
    "the redirect comes first",
    "server {\n listen 80;\n auth_basic x;\n auth_basic_user_file f;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "a location that only redirects",
    "server {\n listen 80;\n auth_basic x;\n auth_basic_user_file f;\n location / { return 301 https://$host$request_uri; }\n}",
    [],
  ],
  [
    "off for the one location there is",
    "server {\n listen 80;\n auth_basic x;\n auth_basic_user_file f;\n location / { auth_basic off; }\n}",
    [],
  ],
  [
    "in one location",
    "server {\n listen 80;\n location / { }\n location /a/ {\n  auth_basic x;\n }\n}",
    ["basic-auth-over-http:5 fail"],
  ],
  [
    "loopback and unix sockets",
    "server {\n listen 127.0.0.1:80;\n listen unix:/run/a.sock;\n auth_basic x;\n auth_basic_user_file f;\n}",
    [],
  ],
  [
    "TLS said by another server of the socket",
    "server { listen 443 ssl; server_name b; }\nserver {\n listen 443;\n auth_basic x;\n auth_basic_user_file f;\n}",
    [],
  ],
  [
    "a trusted proxy in front",
    "server {\n listen 80;\n set_real_ip_from 10.0.0.5;\n auth_basic x;\n auth_basic_user_file f;\n\n}",
    ["basic-auth-over-http:4 warn"],
  ],
  [
    "in http, for two servers",
    "http {\n auth_basic x;\n server { listen 80; server_name a; }\n server { listen 443 ssl; server_name b; }\n}",
    ["basic-auth-over-http:2 fail"],
  ],
  ["no password", "server {\n listen 80;\n root /srv/www;\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`basic-auth-over-http: ${name}`, () =>
    assert.deepEqual(found([basicAuthOverHttp], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["over TLS", "server {\n listen 443 ssl;\n auth_basic x;\n auth_basic_user_file f;\n\n}", "pass"],
  ["in clear", "server {\n listen 80;\n auth_basic x;\n auth_basic_user_file f;\n\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.basic-auth-over-http: ${name} is ${status}`, () => {
    assert.equal(proxyBasicAuthOverHttpProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
