import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsListenWithoutSslProxy,
  tlsListenWithoutSsl,
} from "./tls-listen-without-ssl-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const cases: readonly Case[] = [
  [
    "443 without ssl",
    "server {\nlisten 443;\nssl_certificate c;\n}",
    ["tls-listen-without-ssl:2 fail"],
  ],
  ["with ssl", "server {\nlisten 443 ssl;\nssl_certificate c;\n}", []],
  [
    "[::]:443 without ssl",
    "server {\nlisten 443 ssl;\nlisten [::]:443;\nssl_certificate c;\n}",
    ["tls-listen-without-ssl:3 fail"],
  ],
  [
    "another server of the socket has ssl",
    "server {\nlisten 443 ssl;\nssl_certificate c;\n}\nserver {\nlisten 443;\nssl_certificate c;\n}",
    [],
  ],
  ["ssl on", "server {\nlisten 443;\nssl on;\nssl_certificate c;\n}", []],
  [
    "ssl on, which is gone",
    "server {\nlisten 443;\nssl on;\nssl_certificate c;\n}",
    ["tls-listen-without-ssl:2 fail"],
    { version: "1.25.1" },
  ],
  ["no certificate", "server {\nlisten 443;\n}", []],
  ["a certificate in a comment", "server {\nlisten 443;\n# ssl_certificate c;\n}", []],
  ["QUIC", "server {\nlisten 443 quic;\nlisten 443 ssl;\nssl_certificate c;\n}", []],
  ["port 80", "server {\nlisten 80;\nlisten 443 ssl;\nssl_certificate c;\n}", []],
  [
    "8443, certificate of http",
    "http {\nssl_certificate c;\nserver {\nlisten 8443;\n}\n}",
    ["tls-listen-without-ssl:4 fail"],
  ],
  ["4430", "server {\nlisten 4430;\nssl_certificate c;\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.tls-listen-without-ssl: ${name}`, () =>
    assert.deepEqual(found([tlsListenWithoutSsl], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl;\nssl_certificate c;\n}", "pass"],
  ["server {\nlisten 443;\nssl_certificate c;\n}", "fail"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-listen-without-ssl/proxy: ${status}`, () =>
    assert.equal(proxyTlsListenWithoutSslProxy.evaluate({}, nginxWanted(text)).status, status));
}
