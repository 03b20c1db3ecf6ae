import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyUpstreamTlsUnverifiedProxy,
  upstreamTlsUnverified,
} from "./upstream-tls-unverified-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "not set",
    "server {\n listen 80;\n location / {\n  proxy_pass https://10.0.0.9:8443;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "off",
    "server {\n listen 80;\n location / {\n  proxy_pass https://app.example.com;\n  proxy_ssl_verify off;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "on",
    "server {\n listen 80;\n location / {\n  proxy_pass https://app.example.com;\n  proxy_ssl_verify on;\n }\n}",
    [],
  ],
  [
    "on further out",
    "server {\n listen 80;\n proxy_ssl_verify on;\n location / {\n  proxy_pass https://app.example.com;\n }\n}",
    [],
  ],
  [
    "plain",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app.example.com;\n }\n}",
    [],
  ],
  [
    "loopback",
    "server {\n listen 80;\n location / {\n  proxy_pass https://127.0.0.1:8443;\n }\n}",
    [],
  ],
  [
    "a unix socket",
    "server {\n listen 80;\n location / {\n  proxy_pass https://unix:/run/a.sock:/;\n }\n}",
    [],
  ],
  [
    "an upstream block",
    "upstream app {\n server 10.0.0.9:443;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass https://app;\n }\n}",
    ["upstream-tls-unverified:7 warn"],
  ],
  [
    "one of loopback servers",
    "upstream app {\n server 127.0.0.1:8443;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass https://app;\n }\n}",
    [],
  ],
  [
    "a variable",
    "server {\n listen 80;\n location / {\n  proxy_pass https://$host;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "grpcs",
    "server {\n listen 80;\n location / {\n  grpc_pass grpcs://10.0.0.9:443;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "grpcs, where only proxy_ssl_verify is on",
    "server {\n listen 80;\n location / {\n  grpc_pass grpcs://10.0.0.9;\n  proxy_ssl_verify on;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "stream",
    "stream {\n server {\n  listen 5432;\n  proxy_pass 10.0.0.9:5432;\n  proxy_ssl on;\n }\n}",
    ["upstream-tls-unverified:4 warn"],
  ],
  [
    "stream without TLS",
    "stream {\n server {\n  listen 5432;\n  proxy_pass 10.0.0.9:5432;\n }\n}",
    [],
  ],
  [
    "dead",
    "server {\n listen 80;\n return 444;\n location / {\n  proxy_pass https://10.0.0.9;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`upstream-tls-unverified: ${name}`, () =>
    assert.deepEqual(found([upstreamTlsUnverified], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "on",
    "server {\n listen 80;\n location / {\n  proxy_pass https://a.example.com;\n  proxy_ssl_verify on;\n }\n}",
    "pass",
  ],
  [
    "not set",
    "server {\n listen 80;\n location / {\n  proxy_pass https://a.example.com;\n }\n}",
    "warn",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.upstream-tls-unverified: ${name} is ${status}`, () => {
    assert.equal(proxyUpstreamTlsUnverifiedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
