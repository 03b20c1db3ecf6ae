import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  bodySizeLarge,
  bodySizeNotSet,
  bodySizeUnlimited,
  proxyBodySizeProxy,
} from "./body-size-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const app = (server: string, location = ""): string =>
  `server {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["10m", app("client_max_body_size 10m;"), []],
  ["0", app("client_max_body_size 0;"), ["body-size-unlimited:3 fail"]],
  ["0m", app("client_max_body_size 0m;"), ["body-size-unlimited:3 fail"]],
  ["11m", app("client_max_body_size 11m;"), ["body-size-large:3 warn"]],
  ["10 MB in bytes", app("client_max_body_size 10485760;"), []],
  ["a byte more", app("client_max_body_size 10485761;"), ["body-size-large:3 warn"]],
  ["1g", app("client_max_body_size 1G;"), ["body-size-large:3 warn"]],
  ["not set, in a snippet", app(""), ["body-size-not-set:1 warn"]],
  [
    "not set, in two servers",
    "http {\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    ["body-size-not-set:1 warn"],
  ],
  [
    "0 in http, set in the server",
    "http {\nclient_max_body_size 0;\nserver {\nclient_max_body_size 1m;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    [],
  ],
  [
    "set in the server, 0 in the location",
    app("client_max_body_size 1m;", "client_max_body_size 0;"),
    ["body-size-unlimited:6 fail"],
  ],
  ["0 where only files are", "server {\nclient_max_body_size 0;\nroot /srv;\n}", []],
  ["0 where only a redirect is", app("client_max_body_size 0; return 301 https://a.test;"), []],
  [
    "FastCGI",
    "server {\nclient_max_body_size 0;\nlocation / {\nfastcgi_pass 127.0.0.1:9000;\n}\n}",
    ["body-size-unlimited:2 fail"],
  ],
  ["what nginx refuses", app("client_max_body_size ten;"), []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.body-size: ${name}`, () =>
    assert.deepEqual(
      found([bodySizeUnlimited, bodySizeLarge, bodySizeNotSet], text, build),
      expected,
    ));
}

const statuses: readonly [text: string, status: string][] = [
  [app("client_max_body_size 1m;"), "pass"],
  [app(""), "warn"],
  [app("client_max_body_size 0;"), "fail"],
  ["server {\nroot /srv;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.body-size/proxy: ${status}`, () =>
    assert.equal(proxyBodySizeProxy.evaluate({}, nginxWanted(text)).status, status));
}
