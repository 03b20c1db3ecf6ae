import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyUpstreamWildcardAddressProxy,
  upstreamWildcardAddress,
} from "./upstream-wildcard-address-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "0.0.0.0",
    "server {\n listen 80;\n location / {\n  proxy_pass http://0.0.0.0:8000;\n }\n}",
    ["upstream-wildcard-address:4 warn"],
  ],
  [
    "[::]",
    "server {\n listen 80;\n location / {\n  proxy_pass http://[::]:8000;\n }\n}",
    ["upstream-wildcard-address:4 warn"],
  ],
  [
    "loopback",
    "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://[::1]:8000;\n }\n}",
    [],
  ],
  [
    "a unix socket",
    "server {\n listen 80;\n location / {\n  proxy_pass http://unix:/run/a.sock;\n }\n}",
    [],
  ],
  [
    "a server of an upstream",
    "upstream app {\n server 0.0.0.0:8000;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}",
    ["upstream-wildcard-address:2 warn"],
  ],
  [
    "listen is no upstream",
    "server {\n listen 0.0.0.0:80;\n location / {\n  proxy_pass http://10.0.0.0:80;\n }\n}",
    [],
  ],
  [
    "stream",
    "stream {\n server {\n  listen 1;\n  proxy_pass 0.0.0.0:2;\n }\n}",
    ["upstream-wildcard-address:4 warn"],
  ],
  [
    "a set",
    "server {\n listen 80;\n set $b 0.0.0.0:8000;\n location / {\n  proxy_pass http://$b;\n }\n}",
    ["upstream-wildcard-address:5 warn"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`upstream-wildcard-address: ${name}`, () =>
    assert.deepEqual(found([upstreamWildcardAddress], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "loopback",
    "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1;\n }\n}",
    "pass",
  ],
  ["0.0.0.0", "server {\n listen 80;\n location / {\n  proxy_pass http://0.0.0.0;\n }\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.upstream-wildcard-address: ${name} is ${status}`, () => {
    assert.equal(proxyUpstreamWildcardAddressProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
