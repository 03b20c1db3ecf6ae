import assert from "node:assert/strict";
import { test } from "node:test";

import type { Endpoint } from "./endpoint.ts";
import { upstream } from "./example-facts.ts";
import { bestMatch, type Match, matchUpstream } from "./upstream-match.ts";

const evidence = { excerpt: "as seen" };

function at(address: string, ports = "8000", isV6Only = false): Endpoint {
  return { kind: "address", address, ports, isV6Only, from: "listener", evidence };
}
function socket(path: string): Endpoint {
  return { kind: "socket", path, evidence };
}
function service(name: string, ...ports: readonly string[]): Endpoint {
  return { kind: "service", name, ports, evidence };
}

const cases: readonly [upstream: string, endpoint: Endpoint, match: Match][] = [
  ["127.0.0.1:8000", at("127.0.0.1"), "yes"],
  ["127.0.0.1:8000", at("0.0.0.0"), "yes"],
  ["127.0.0.1:8000", at("*"), "yes"],
  ["127.0.0.1:8000", at("::"), "yes"],
  ["127.0.0.1:8000", at("::", "8000", true), "no"],
  ["127.0.0.1:8000", at("::ffff:127.0.0.1"), "yes"],
  ["127.0.0.1:8000", at("::1"), "no"],
  ["127.0.0.1:8000", at("127.0.0.2"), "no"],
  ["127.0.0.1:8000", at("10.0.0.5"), "no"],
  ["127.0.0.1:8000", at("127.0.0.1", "8001"), "no"],
  ["127.0.0.1:8000", at("127.0.0.1", "18000"), "no"],
  ["127.0.0.1:8005", at("", "8000-8010"), "yes"],
  ["127.0.0.1:8011", at("", "8000-8010"), "no"],
  ["localhost:8000", at("127.0.0.1"), "yes"],
  ["localhost:8000", at("::1"), "yes"],
  ["localhost:8000", at("10.0.0.5"), "no"],
  ["[::1]:8000", at("::1"), "yes"],
  ["[::1]:8000", at("0.0.0.0"), "no"],
  ["[::1]:8000", at("*"), "yes"],
  ["0.0.0.0:8000", at("127.0.0.1"), "yes"],
  ["10.0.0.5:8000", at("10.0.0.5"), "yes"],
  ["10.0.0.5:8000", at("10.0.0.6"), "no"],
  ["10.0.0.5:8000", at("127.0.0.1"), "no"],
  ["10.0.0.5:8000", at("0.0.0.0"), "maybe"],
  ["172.17.0.1:8000", at("0.0.0.0"), "yes"],
  ["host.docker.internal:8000", at("0.0.0.0"), "yes"],
  ["host.docker.internal:8000", at("127.0.0.1"), "no"],
  ["backend.example.test:8000", at("0.0.0.0"), "maybe"],
  ["backend.example.test:8000", at("127.0.0.1"), "no"],
  ["backend.example.test:9999", at("0.0.0.0"), "no"],
  ["?", at("127.0.0.1"), "maybe"],
  ["unix:/run/app.sock", socket("/run/app.sock"), "yes"],
  ["unix:/run/app.sock", socket("unix:/run/app.sock"), "yes"],
  ["unix:/run/app.sock", socket("app.sock"), "yes"],
  ["unix:/run/myapp.sock", socket("app.sock"), "no"],
  ["unix:/run/other.sock", socket("/run/app.sock"), "no"],
  ["unix:/run/app.sock", at("127.0.0.1"), "no"],
  ["127.0.0.1:8000", socket("/run/app.sock"), "no"],
  ["web:8000", service("web", "8000"), "yes"],
  ["WEB:8000", service("web"), "yes"],
  ["shop-web-1:8000", service("web", "8000"), "yes"],
  ["shop_my-web_2:8000", service("my-web", "8000"), "yes"],
  ["web:9000", service("web", "8000"), "no"],
  ["webapp:8000", service("web", "8000"), "no"],
  ["other-web:8000", service("web", "8000"), "no"],
  ["grafana:3000", service("web", "8000"), "no"],
];

for (const [text, endpoint, match] of cases) {
  const { evidence: _evidence, ...shown } = endpoint;
  test(`matchUpstream: ${text} and ${JSON.stringify(shown)} is ${match}`, () => {
    assert.equal(matchUpstream(upstream(text), endpoint), match);
  });
}

test("bestMatch: a proof beats a possibility, whatever the order", () => {
  const endpoints = [at("127.0.0.1", "9000"), at("127.0.0.1")];
  const best = bestMatch([upstream("?"), upstream("127.0.0.1:8000")], endpoints);
  assert.deepEqual(best, {
    match: "yes",
    upstream: upstream("127.0.0.1:8000"),
    endpoint: endpoints[1],
  });
  assert.deepEqual(bestMatch([upstream("?")], endpoints), { match: "maybe" });
  assert.deepEqual(bestMatch([], endpoints), { match: "no" });
});
