import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleModel } from "./example-model.ts";
import { HOSTS_MAX, STRAY_TARGET, sampleHosts, sampleTargets, TARGETS_MAX } from "./probes.ts";

function serverOf(text: string) {
  const [server] = exampleModel(`server { ${text} }`).servers;
  assert.ok(server !== undefined);
  return server;
}

const hosts: readonly [names: string, hosts: readonly string[]][] = [
  ["a.test B.test", ["a.test", "b.test"]],
  [".a.test", ["a.test"]],
  ["*.a.test", ["plimsoll.a.test"]],
  ["www.a.*", ["www.a.test"]],
  ["~^(?<n>[a-z]+)\\.a\\.test$", ["a.a.test"]],
  ['_ "" $hostname', []],
  ["localhost 127.0.0.1 10.0.0.1 203.0.113.1", ["203.0.113.1"]],
  ["~^(a)\\1$", []],
];

for (const [names, expected] of hosts) {
  test(`a host for server_name ${names}`, () => {
    assert.deepEqual(sampleHosts(serverOf(`server_name ${names};`)), expected);
  });
}

const targets: readonly [locations: string, targets: readonly string[]][] = [
  ["", []],
  ["location / { } location = /a { } location ^~ /b/ { }", ["/a", "/b/"]],
  ["location /a/ { location /a/b/ { } }", ["/a/", "/a/b/"]],
  ["location ~ ^/u/[0-9]+$ { } location ~* \\.(css|js)$ { }", ["/u/0", "/.css"]],
  ["location @app { }", []],
  ["location ^~ /.well-known/acme-challenge/ { } location /.well-known { }", []],
  ["location /.well-knownx { }", ["/.well-knownx"]],
  ['location "/a b" { }', []],
];

for (const [locations, expected] of targets) {
  test(`paths for ${locations}`, () => {
    assert.deepEqual(sampleTargets(serverOf(locations)), ["/", STRAY_TARGET, ...expected]);
  });
}

test("names and locations of one server are tried up to a limit", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, at) => `a${at}.test`).join(" ");
  assert.equal(sampleHosts(serverOf(`server_name ${names(HOSTS_MAX)};`)).length, HOSTS_MAX);
  assert.equal(sampleHosts(serverOf(`server_name ${names(HOSTS_MAX + 1)};`)).length, HOSTS_MAX);
  const locations = (count: number) =>
    Array.from({ length: count }, (_, at) => `location /a${at} { }`).join(" ");
  assert.equal(sampleTargets(serverOf(locations(TARGETS_MAX - 2))).length, TARGETS_MAX);
  assert.equal(sampleTargets(serverOf(locations(TARGETS_MAX - 1))).length, TARGETS_MAX);
});
