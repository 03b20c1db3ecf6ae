import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { ratelimitTrustedIpsProxy, trustedAddresses } from "./trusted-ips-proxy.check.ts";

const keyed = (http: string, key = "$key"): string =>
  `http {\nlimit_req_zone ${key} zone=z:1m rate=1r/s;\n${http}\nserver {\nlimit_req zone=z;\n}\n}`;
const KEY = "map $office $key { 0 $binary_remote_addr; 1 ''; }";
const WARN = ["trusted-ips:3 warn"];

type Case = readonly [name: string, text: string, expected: readonly string[], status: string];
const cases: readonly Case[] = [
  ["nobody", keyed("", "$binary_remote_addr"), [], "skip"],
  ["one address", keyed(`geo $office { default 0; 10.1.2.3 1; } ${KEY}`), [], "pass"],
  [
    "a /24 and one /48",
    keyed(`geo $office { default 0; 10.1.2.0/24 1; 2001:db8:1::/48 1; } ${KEY}`),
    [],
    "pass",
  ],
  ["a /8", keyed(`geo $office { default 0; 10.0.0.0/8 1; 192.0.2.1 1; } ${KEY}`), WARN, "warn"],
  [
    "two of them",
    keyed(`geo $office { default 0; 10.0.0.0/8 1; 172.16.0.0/12 1; } ${KEY}`),
    [...WARN, ...WARN],
    "warn",
  ],
  ["everybody", keyed(`geo $office { default 0; 0.0.0.0/0 1; } ${KEY}`), WARN, "warn"],
  [
    "what is counted is no exemption",
    keyed(`geo $office { default 1; 10.0.0.0/8 0; } ${KEY}`),
    [],
    "skip",
  ],
  [
    "by default of the map",
    keyed(
      "geo $office { default 0; 10.0.0.0/8 1; } map $office $key { default ''; 0 $binary_remote_addr; }",
    ),
    WARN,
    "warn",
  ],
  [
    "a map of addresses",
    keyed("map $remote_addr $key { default $binary_remote_addr; 192.0.2.1 ''; }"),
    [],
    "pass",
  ],
  [
    "ranges",
    keyed(`geo $office { ranges; default 0; 10.0.0.0-10.9.255.255 1; } ${KEY}`),
    WARN,
    "warn",
  ],
  [
    "a geo of a claimed address",
    keyed(`geo $http_x_forwarded_for $office { default 0; 10.1.2.3 1; } ${KEY}`),
    WARN,
    "warn",
  ],
  [
    "the program's name",
    keyed("map $http_user_agent $key { default $binary_remote_addr; ~Monitor ''; }"),
    WARN,
    "warn",
  ],
  [
    "a secret field",
    keyed("map $http_x_api_key $key { default $binary_remote_addr; 8f31c2 ''; }"),
    [],
    "skip",
  ],
  ["a comment", keyed("# geo $office { 10.0.0.0/8 1; }", "$binary_remote_addr"), [], "skip"],
  [
    "a zone nobody uses",
    keyed(`geo $office { default 0; 10.0.0.0/8 1; } ${KEY}`).replace("limit_req zone=z;", ""),
    [],
    "skip",
  ],
  ["a map of itself ends", keyed("map $key $key { 1 ''; }"), [], "skip"],
];
for (const [name, text, expected, status] of cases) {
  test(`ratelimit.trusted-ips/proxy: ${name} is ${status}`, () => {
    assert.deepEqual(found([trustedAddresses], text), expected);
    assert.equal(ratelimitTrustedIpsProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
