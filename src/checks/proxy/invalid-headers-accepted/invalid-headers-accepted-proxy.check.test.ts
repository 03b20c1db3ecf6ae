import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  invalidHeadersAccepted,
  proxyInvalidHeadersAcceptedProxy,
  underscoresAccepted,
} from "./invalid-headers-accepted-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const app = (server: string, location = ""): string =>
  `server {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["default", app(""), []],
  ["off", app("ignore_invalid_headers off;"), ["invalid-headers-accepted:3 warn"]],
  ["on", app("ignore_invalid_headers on;"), []],
  [
    "off in http",
    "http {\nignore_invalid_headers off;\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    ["invalid-headers-accepted:2 warn"],
  ],
  [
    "off in http, on in every server",
    "http {\nignore_invalid_headers off;\nserver {\nignore_invalid_headers on;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    [],
  ],
  [
    "of a default server that refuses, for the others",
    "server {\nlisten 80 default_server;\nignore_invalid_headers off;\nreturn 444;\n}\nserver {\nlisten 80;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["invalid-headers-accepted:3 warn"],
  ],
  [
    "of a server that only redirects",
    "server {\nignore_invalid_headers off;\nreturn 301 https://a.test;\n}",
    [],
  ],
  ["underscores", app("underscores_in_headers on;"), ["underscores-accepted:3 note"]],
  ["underscores off", app("underscores_in_headers off;"), []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.invalid-headers-accepted: ${name}`, () =>
    assert.deepEqual(found([invalidHeadersAccepted, underscoresAccepted], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [app(""), "pass"],
  [app("ignore_invalid_headers off;"), "warn"],
  [app("underscores_in_headers on;"), "pass"],
];
for (const [text, status] of statuses) {
  test(`proxy.invalid-headers-accepted/proxy: ${status}`, () =>
    assert.equal(proxyInvalidHeadersAcceptedProxy.evaluate({}, nginxWanted(text)).status, status));
}
