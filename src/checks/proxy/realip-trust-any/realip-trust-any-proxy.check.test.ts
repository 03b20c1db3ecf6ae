import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyRealipTrustAnyProxy, realipTrustAny } from "./realip-trust-any-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const cases: readonly Case[] = [
  ["none", "server {\nlisten 80;\n}", []],
  ["everybody over IPv4", "server {\nset_real_ip_from 0.0.0.0/0;\n}", ["realip-trust-any:2 fail"]],
  ["everybody over IPv6", "server {\nset_real_ip_from ::/0;\n}", ["realip-trust-any:2 fail"]],
  [
    "two halves, once, at the first",
    "server {\nset_real_ip_from 0.0.0.0/1;\nset_real_ip_from 128.0.0.0/1;\n}",
    ["realip-trust-any:2 fail"],
  ],
  ["one half", "server {\nset_real_ip_from 0.0.0.0/1;\n}", []],
  [
    "two halves of IPv6",
    "server {\nset_real_ip_from ::/1;\nset_real_ip_from 8000::/1;\n}",
    ["realip-trust-any:2 fail"],
  ],
  [
    "the global ones of IPv6",
    "server {\nset_real_ip_from 2000::/3;\n}",
    ["realip-trust-any:2 fail"],
  ],
  [
    "halves of two families",
    "server {\nset_real_ip_from 0.0.0.0/1;\nset_real_ip_from 8000::/1;\n}",
    [],
  ],
  [
    "the largest one is at fault",
    "server {\nset_real_ip_from 10.0.0.1;\nset_real_ip_from 0.0.0.0/0;\n}",
    ["realip-trust-any:3 fail"],
  ],
  [
    "all private networks",
    "server {\nset_real_ip_from 10.0.0.0/8;\nset_real_ip_from 172.16.0.0/12;\nset_real_ip_from 192.168.0.0/16;\nset_real_ip_from fc00::/7;\n}",
    [],
  ],
  [
    "everything but private networks",
    "server {\nset_real_ip_from 0.0.0.0/5;\nset_real_ip_from 8.0.0.0/7;\nset_real_ip_from 11.0.0.0/8;\nset_real_ip_from 12.0.0.0/6;\nset_real_ip_from 16.0.0.0/4;\nset_real_ip_from 32.0.0.0/3;\nset_real_ip_from 64.0.0.0/2;\nset_real_ip_from 128.0.0.0/1;\n}",
    ["realip-trust-any:9 fail"],
  ],
  ["one proxy", "server {\nset_real_ip_from 10.20.0.4;\nreal_ip_header X-Forwarded-For;\n}", []],
  ["a name and a socket", "server {\nset_real_ip_from lb.test;\nset_real_ip_from unix:;\n}", []],
  [
    "replaced in the server",
    "http {\nset_real_ip_from 0.0.0.0/0;\nserver {\nset_real_ip_from 10.0.0.1;\n}\n}",
    [],
  ],
  [
    "inherited by two servers, once",
    "http {\nset_real_ip_from 0.0.0.0/0;\nserver {\nlisten 80;\n}\nserver {\nlisten 81;\n}\n}",
    ["realip-trust-any:2 fail"],
  ],
  [
    "in a location",
    "server {\nlocation / {\nset_real_ip_from 0.0.0.0/0;\n}\n}",
    ["realip-trust-any:3 fail"],
  ],
  [
    "only this machine gets there",
    "server {\nlisten 127.0.0.1:80;\nset_real_ip_from 0.0.0.0/0;\n}",
    [],
  ],
  ["a prefix too long is none", "server {\nset_real_ip_from 0.0.0.0/33;\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.realip-trust-any: ${name}`, () =>
    assert.deepEqual(found([realipTrustAny], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nset_real_ip_from 10.0.0.1;\n}", "pass"],
  ["server {\nset_real_ip_from ::/0;\n}", "fail"],
  ["include gone;\nserver {\nlisten 80;\n}", "unknown"],
  ["include gone;\nserver {\nset_real_ip_from ::/0;\n}", "fail"],
  ["include /etc/nginx/mime.types;\nserver {\nlisten 80;\n}", "pass"],
];
for (const [text, status] of statuses) {
  test(`proxy.realip-trust-any/proxy: ${status}`, () =>
    assert.equal(proxyRealipTrustAnyProxy.evaluate({}, nginxWanted(text)).status, status));
}
