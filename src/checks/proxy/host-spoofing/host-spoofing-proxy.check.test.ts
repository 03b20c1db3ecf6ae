import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { hostSpoofing, proxyHostSpoofingProxy } from "./host-spoofing-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const app = (server: string, location = ""): string =>
  `server {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["$host", app("", "proxy_set_header Host $host;"), []],
  ["nothing set", app(""), []],
  ["$http_host", app("", "proxy_set_header Host $http_host;"), ["host-spoofing:6 warn"]],
  [
    "with a port",
    app("", "proxy_set_header Host $http_host:$server_port;"),
    ["host-spoofing:6 warn"],
  ],
  ["$host with a port", app("", "proxy_set_header Host $host:$server_port;"), []],
  ["a parameter", app("", "proxy_set_header Host $arg_host;"), ["host-spoofing:6 warn"]],
  [
    "a forwarded host",
    app("", "proxy_set_header Host $http_x_forwarded_host;"),
    ["host-spoofing:6 warn"],
  ],
  ["$server_name", app("", "proxy_set_header Host $server_name;"), []],
  ["a fixed name", app("", "proxy_set_header Host app.test;"), []],
  ["$proxy_host", app("", "proxy_set_header Host $proxy_host;"), []],
  ["any case", app("", "proxy_set_header HOST $http_host;"), ["host-spoofing:6 warn"]],
  ["inherited from the server", app("proxy_set_header Host $http_host;"), ["host-spoofing:3 warn"]],
  [
    "replaced in the location",
    app("proxy_set_header Host $http_host;", "proxy_set_header Host $host;"),
    [],
  ],
  [
    "dropped in the location",
    app("proxy_set_header Host $http_host;", "proxy_set_header X-A b;"),
    [],
  ],
  ["through set", app("set $h $http_host;", "proxy_set_header Host $h;"), ["host-spoofing:6 warn"]],
  [
    "another server's set",
    app("set $h $server_name;", "proxy_set_header Host $h;") + app("set $h $http_host;"),
    [],
  ],
  [
    "a map of fixed names",
    "map $http_host $h {\ndefault a.test;\nb.test b.test;\n}\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\nproxy_set_header Host $h;\n}\n}",
    [],
  ],
  [
    "a map that hands it on",
    "map $uri $h {\ndefault $http_host;\n}\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\nproxy_set_header Host $h;\n}\n}",
    ["host-spoofing:7 warn"],
  ],
  [
    "a map's capture",
    'map $http_host $h {\ndefault a;\n"~^(?<n>.+)$" $n;\n}\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\nproxy_set_header Host $h;\n}\n}',
    ["host-spoofing:8 warn"],
  ],
  [
    "gRPC",
    "server {\nlocation / {\ngrpc_pass 127.0.0.1;\ngrpc_set_header Host $http_host;\n}\n}",
    ["host-spoofing:4 warn"],
  ],
  ["no pass", "server {\nlocation / {\nroot /srv;\nproxy_set_header Host $http_host;\n}\n}", []],
  ["X-Forwarded-Host is no Host", app("", "proxy_set_header X-Forwarded-Host $http_host;"), []],
  ["behind a return", app("return 301 https://a.test;", "proxy_set_header Host $http_host;"), []],
  [
    "one directive, two locations",
    "server {\nproxy_set_header Host $http_host;\nlocation /a {\nproxy_pass http://127.0.0.1;\n}\nlocation /b {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["host-spoofing:2 warn"],
  ],
  [
    "a pass within if",
    "server {\nlocation / {\nproxy_set_header Host $http_host;\nif ($arg_a) {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    ["host-spoofing:3 warn"],
  ],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.host-spoofing: ${name}`, () =>
    assert.deepEqual(found([hostSpoofing], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [app("", "proxy_set_header Host $host;"), "pass"],
  [app("", "proxy_set_header Host $http_host;"), "warn"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.host-spoofing/proxy: ${status}`, () =>
    assert.equal(proxyHostSpoofingProxy.evaluate({}, nginxWanted(text)).status, status));
}
