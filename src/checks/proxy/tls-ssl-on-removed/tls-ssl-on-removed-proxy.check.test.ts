import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyTlsSslOnRemovedProxy, tlsSslOnRemoved } from "./tls-ssl-on-removed-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const cases: readonly Case[] = [
  ["not used", "server {\nlisten 443 ssl;\n}", []],
  ["on", "server {\nlisten 443;\nssl on;\n}", ["tls-ssl-on-removed:3 note"]],
  ["off", "server {\nlisten 443;\nssl off;\n}", ["tls-ssl-on-removed:3 note"]],
  [
    "on, refused",
    "server {\nlisten 443;\nssl on;\n}",
    ["tls-ssl-on-removed:3 warn"],
    { version: "1.25.1" },
  ],
  [
    "on, not yet refused",
    "server {\nlisten 443;\nssl on;\n}",
    ["tls-ssl-on-removed:3 note"],
    { version: "1.25.0" },
  ],
  [
    "of http, once",
    "http {\nssl on;\nserver {\nlisten 443;\n}\nserver {\nlisten 444;\n}\n}",
    ["tls-ssl-on-removed:2 note"],
  ],
  ["a comment", "server {\nlisten 443 ssl; # ssl on;\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.tls-ssl-on-removed: ${name}`, () =>
    assert.deepEqual(found([tlsSslOnRemoved], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl;\n}", "pass"],
  ["server {\nlisten 443;\nssl on;\n}", "pass"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-ssl-on-removed/proxy: ${status}`, () =>
    assert.equal(proxyTlsSslOnRemovedProxy.evaluate({}, nginxWanted(text)).status, status));
}
