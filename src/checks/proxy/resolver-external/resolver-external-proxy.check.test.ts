import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyResolverExternalProxy, resolverExternal } from "./resolver-external-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["a public one", "server {\n listen 80;\n resolver 8.8.8.8;\n}", ["resolver-external:3 warn"]],
  [
    "local ones",
    "server {\n listen 80;\n resolver 127.0.0.53 10.0.0.2 [fd00::53]:53 169.254.169.253 valid=10s ipv6=off;\n}",
    [],
  ],
  [
    "one of them public",
    "server {\n listen 80;\n resolver 127.0.0.1 1.1.1.1:53 valid=300s;\n}",
    ["resolver-external:3 warn"],
  ],
  [
    "IPv6",
    "server {\n listen 80;\n resolver [2606:4700:4700::1111]:53;\n}",
    ["resolver-external:3 warn"],
  ],
  ["a name", "server {\n listen 80;\n resolver dns.example.com;\n}", []],
  [
    "in http",
    "http {\n resolver 9.9.9.9;\n server { listen 80; }\n}",
    ["resolver-external:2 warn"],
  ],
  [
    "in a location",
    "server {\n listen 80;\n location / {\n  resolver 9.9.9.9;\n }\n}",
    ["resolver-external:4 warn"],
  ],
  [
    "in stream",
    "stream {\n resolver 9.9.9.9;\n server {\n  listen 1;\n  proxy_pass a.b:1;\n }\n}",
    ["resolver-external:2 warn"],
  ],
  [
    "in an upstream",
    "upstream a {\n resolver 9.9.9.9;\n server b.c:80 resolve;\n}\n",
    ["resolver-external:2 warn"],
  ],
  ["none", "server {\n listen 80;\n location / { }\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`resolver-external: ${name}`, () =>
    assert.deepEqual(found([resolverExternal], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["local", "server {\n listen 80;\n resolver 127.0.0.53;\n}", "pass"],
  ["public", "server {\n listen 80;\n resolver 8.8.8.8;\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.resolver-external: ${name} is ${status}`, () => {
    assert.equal(proxyResolverExternalProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
