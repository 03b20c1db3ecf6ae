import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsEarlyDataReplayProxy,
  tlsEarlyDataReplay,
} from "./tls-early-data-replay-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const app = (server: string, location = ""): string =>
  `server {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["off", app(""), []],
  ["on, not told", app("ssl_early_data on;"), ["tls-early-data-replay:3 warn"]],
  ["on, told", app("ssl_early_data on;", "proxy_set_header Early-Data $ssl_early_data;"), []],
  [
    "told by the server",
    app("ssl_early_data on; proxy_set_header Early-Data $ssl_early_data;"),
    [],
  ],
  [
    "told by the server, lost in the location",
    app(
      "ssl_early_data on; proxy_set_header Early-Data $ssl_early_data;",
      "proxy_set_header Host $host;",
    ),
    ["tls-early-data-replay:3 warn"],
  ],
  [
    "a fixed text tells nothing",
    app("ssl_early_data on;", "proxy_set_header Early-Data 1;"),
    ["tls-early-data-replay:3 warn"],
  ],
  ["refused by nginx", app("ssl_early_data on; if ($ssl_early_data) { return 425; }"), []],
  [
    "refused through a map",
    "map $ssl_early_data $replay {\ndefault 0;\n1 1;\n}\nserver {\nlisten 443 ssl;\nssl_early_data on;\nif ($replay) { return 425; }\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  ["TLS 1.2 has none", app("ssl_early_data on; ssl_protocols TLSv1.2;"), []],
  ["files only", "server {\nlisten 443 ssl;\nssl_early_data on;\nroot /srv;\n}", []],
  [
    "no TLS",
    "server {\nlisten 80;\nssl_early_data on;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  [
    "FastCGI, told",
    "server {\nlisten 443 ssl;\nssl_early_data on;\nlocation / {\nfastcgi_pass 127.0.0.1:9000;\nfastcgi_param HTTP_EARLY_DATA $ssl_early_data;\n}\n}",
    [],
  ],
  [
    "of http, for two locations once",
    "http {\nssl_early_data on;\nserver {\nlisten 443 ssl;\nlocation /a {\nproxy_pass http://127.0.0.1;\n}\nlocation /b {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    ["tls-early-data-replay:2 warn"],
  ],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.tls-early-data-replay: ${name}`, () =>
    assert.deepEqual(found([tlsEarlyDataReplay], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [app(""), "pass"],
  [app("ssl_early_data on;"), "warn"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-early-data-replay/proxy: ${status}`, () =>
    assert.equal(proxyTlsEarlyDataReplayProxy.evaluate({}, nginxWanted(text)).status, status));
}
