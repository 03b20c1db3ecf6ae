import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsStaplingMisconfiguredProxy,
  tlsStaplingMisconfigured,
} from "./tls-stapling-misconfigured-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const tls = (text: string): string => `http {\n${text}\nserver {\nlisten 443 ssl;\n}\n}`;
const cases: readonly Case[] = [
  ["off", tls(""), []],
  ["on without a resolver", tls("ssl_stapling on;"), ["tls-stapling-misconfigured:2 note"]],
  ["on with one", tls("ssl_stapling on; resolver 127.0.0.53;"), []],
  [
    "a resolver in the server",
    "http {\nssl_stapling on;\nserver {\nlisten 443 ssl;\nresolver 127.0.0.1;\n}\n}",
    [],
  ],
  [
    "a resolver in a location does not help",
    "http {\nssl_stapling on;\nserver {\nlisten 443 ssl;\nlocation / {\nresolver 127.0.0.1;\n}\n}\n}",
    ["tls-stapling-misconfigured:2 note"],
  ],
  ["a file", tls("ssl_stapling on; ssl_stapling_file s;"), []],
  ["a responder by address", tls("ssl_stapling on; ssl_stapling_responder http://192.0.2.1/;"), []],
  [
    "a responder by name",
    tls("ssl_stapling on; ssl_stapling_responder http://ocsp.test/;"),
    ["tls-stapling-misconfigured:2 note"],
  ],
  ["a comment", tls("# ssl_stapling on;"), []],
  ["no TLS", "server {\nlisten 80;\nssl_stapling on;\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.tls-stapling-misconfigured: ${name}`, () =>
    assert.deepEqual(found([tlsStaplingMisconfigured], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl;\nssl_stapling on;\n}", "pass"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-stapling-misconfigured/proxy: ${status}`, () =>
    assert.equal(
      proxyTlsStaplingMisconfiguredProxy.evaluate({}, nginxWanted(text)).status,
      status,
    ));
}
