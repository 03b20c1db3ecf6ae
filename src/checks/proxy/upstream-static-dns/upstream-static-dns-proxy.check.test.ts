import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyUpstreamStaticDnsProxy,
  upstreamStaticDns,
} from "./upstream-static-dns-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a name",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app:8000;\n }\n}",
    ["upstream-static-dns:4 note"],
  ],
  ["an address", "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1;\n }\n}", []],
  [
    "a unix socket",
    "server {\n listen 80;\n location / {\n  proxy_pass http://unix:/run/a;\n }\n}",
    [],
  ],
  [
    "localhost",
    "server {\n listen 80;\n location / {\n  proxy_pass http://localhost:1;\n }\n}",
    [],
  ],
  [
    "a variable",
    "server {\n listen 80;\n set $b http://app;\n location / {\n  proxy_pass $b;\n }\n}",
    [],
  ],
  [
    "a server of an upstream",
    "upstream u {\n server app:80;\n server b:80 resolve;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://u;\n }\n}",
    ["upstream-static-dns:2 note"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`upstream-static-dns: ${name}`, () =>
    assert.deepEqual(found([upstreamStaticDns], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "an address",
    "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1;\n }\n}",
    "pass",
  ],
  ["a name", "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.upstream-static-dns: ${name} is ${status}`, () => {
    assert.equal(
      proxyUpstreamStaticDnsProxy.evaluate({}, nginxWanted(text, {}, { isPedantic: true })).status,
      status,
    );
  });
}
