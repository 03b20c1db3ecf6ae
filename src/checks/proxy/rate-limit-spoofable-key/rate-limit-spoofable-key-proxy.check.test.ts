import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyRateLimitSpoofableKeyProxy,
  rateLimitSpoofableKey,
} from "./rate-limit-spoofable-key-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const keyed = (key: string, http = ""): string =>
  `http {\nlimit_req_zone ${key} zone=z:1m rate=1r/s;\n${http}\nserver {\nlimit_req zone=z;\n}\n}`;
const cases: readonly Case[] = [
  ["the address", keyed("$binary_remote_addr"), []],
  ["a field", keyed("$http_x_forwarded_for"), ["rate-limit-spoofable-key:2 fail"]],
  ["the appended field", keyed("$proxy_add_x_forwarded_for"), ["rate-limit-spoofable-key:2 fail"]],
  ["a cookie", keyed("$cookie_session"), ["rate-limit-spoofable-key:2 fail"]],
  [
    "a parameter beside the address",
    keyed("$binary_remote_addr$arg_user"),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  ["address and path", keyed("$binary_remote_addr$uri"), []],
  ["the server's name", keyed("$binary_remote_addr$server_name"), []],
  [
    "a map that hands the field on",
    keyed(
      "$key",
      "map $http_x_forwarded_for $key { default $http_x_forwarded_for; '' $binary_remote_addr; }",
    ),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "a map's capture",
    keyed("$key", "map $http_x_forwarded_for $key { default $binary_remote_addr; ~^([^,]+) $1; }"),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "a named capture",
    keyed(
      "$key",
      "map $http_x_real_ip $key { default $binary_remote_addr; ~^(?<first>[^,]+) $first; }",
    ),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "a capture of the address",
    keyed("$key", "map $remote_addr $key { default x; ~^(.*)\\\\. $1; }"),
    [],
  ],
  [
    "an exemption by address",
    keyed(
      "$key",
      "geo $office { default 0; 10.0.0.0/8 1; } map $office $key { default $binary_remote_addr; 1 ''; }",
    ),
    [],
  ],
  [
    "an exemption by a claimed address",
    keyed("$key", "map $http_x_forwarded_for $key { default $binary_remote_addr; ~^10\\\\. ''; }"),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "an exemption by a geo of the field",
    keyed(
      "$key",
      "geo $http_x_forwarded_for $office { default 0; 10.0.0.0/8 1; } map $office $key { default $binary_remote_addr; 1 ''; }",
    ),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "an exemption by the program's name",
    keyed("$key", "map $http_user_agent $key { default $binary_remote_addr; ~Googlebot ''; }"),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "a limit on some programs only",
    keyed("$key", "map $http_user_agent $key { default ''; ~bot $binary_remote_addr; }"),
    [],
  ],
  [
    "a limit on some programs only, no default",
    keyed("$key", "map $http_user_agent $key { ~bot $binary_remote_addr; }"),
    [],
  ],
  [
    "an exemption by a secret",
    keyed("$key", "map $http_x_api_key $key { default $binary_remote_addr; 8f31c2 ''; }"),
    [],
  ],
  [
    "set in a server",
    keyed("$key").replace("limit_req zone", "set $key $http_x_real_ip; limit_req zone"),
    ["rate-limit-spoofable-key:2 fail"],
  ],
  [
    "of connections",
    keyed("$binary_remote_addr", "limit_conn_zone $http_x_real_ip zone=c:1m;").replace(
      "limit_req zone=z;",
      "limit_req zone=z; limit_conn c 5;",
    ),
    ["rate-limit-spoofable-key:3 fail"],
  ],
  [
    "not used",
    keyed("$binary_remote_addr", "limit_req_zone $http_x_real_ip zone=y:1m rate=1r/s;"),
    [],
  ],
  ["a map of itself ends", keyed("$key", "map $key $key { default $key; }"), []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.rate-limit-spoofable-key: ${name}`, () =>
    assert.deepEqual(found([rateLimitSpoofableKey], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [keyed("$binary_remote_addr"), "pass"],
  [keyed("$http_x_real_ip"), "fail"],
];
for (const [text, status] of statuses) {
  test(`proxy.rate-limit-spoofable-key/proxy: ${status}`, () =>
    assert.equal(proxyRateLimitSpoofableKeyProxy.evaluate({}, nginxWanted(text)).status, status));
}
