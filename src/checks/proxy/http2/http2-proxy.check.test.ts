import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { http2DeprecatedSyntax, http2Missing, proxyHttp2Proxy } from "./http2-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const cases: readonly Case[] = [
  [
    "listen http2, version not known",
    "server {\nlisten 443 ssl http2;\n}",
    ["http2-deprecated-syntax:2 note"],
  ],
  ["listen http2, 1.25.0", "server {\nlisten 443 ssl http2;\n}", [], { version: "1.25.0" }],
  [
    "listen http2, 1.25.1, once a server",
    "server {\nlisten 443 ssl http2;\nlisten [::]:443 ssl http2;\n}",
    ["http2-deprecated-syntax:2 note"],
    { version: "1.25.1" },
  ],
  ["http2 on", "server {\nlisten 443 ssl;\nhttp2 on;\n}", []],
  ["http2 on in http", "http {\nhttp2 on;\nserver {\nlisten 443 ssl;\n}\n}", []],
  [
    "http2 off in the server",
    "http {\nhttp2 on;\nserver {\nlisten 443 ssl;\nhttp2 off;\n}\n}",
    ["http2-missing:3 warn"],
  ],
  ["missing", "server {\nlisten 443 ssl;\n}", ["http2-missing:1 warn"]],
  [
    "another server of the socket has it",
    "server {\nlisten 443 ssl;\n}\nserver {\nlisten 443 ssl http2;\n}",
    ["http2-deprecated-syntax:5 note"],
  ],
  [
    "a server of another socket has it",
    "server {\nlisten 443 ssl;\n}\nserver {\nlisten 444 ssl http2;\n}",
    ["http2-missing:1 warn"],
    { version: "1.22.1" },
  ],
  ["plain HTTP", "server {\nlisten 80;\n}", []],
  ["a server that rejects", "server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}", []],
  ["a server that only redirects", "server {\nlisten 443 ssl;\nreturn 301 https://a.test;\n}", []],
  ["QUIC beside it", "server {\nlisten 443 quic;\nlisten 443 ssl;\nhttp2 on;\n}", []],
  ["ssl on", "server {\nlisten 443;\nssl on;\n}", ["http2-missing:1 warn"]],
  ["QUIC alone", "server {\nlisten 443 quic;\n}", []],
  ["a stream", "stream {\nserver {\nlisten 443 ssl;\n}\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.http2: ${name}`, () =>
    assert.deepEqual(found([http2Missing, http2DeprecatedSyntax], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl http2;\n}", "pass"],
  ["server {\nlisten 443 ssl;\n}", "warn"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.http2/proxy: ${status}`, () =>
    assert.equal(proxyHttp2Proxy.evaluate({}, nginxWanted(text)).status, status));
}
