import assert from "node:assert/strict";
import { test } from "node:test";
import { isDevelopmentProxy, proxyByPath } from "./proxy-tree.ts";

const cases: readonly [path: string, isDevelopment: boolean][] = [
  ["docker/test-nginx.conf", true],
  ["nginx-dev.conf", true],
  ["docker/nginx.dev.conf", true],
  ["conf.d/e2e_site.conf", true],
  ["nginx.conf", false],
  ["conf.d/dev.example.org.conf", false],
  ["conf.d/example.test.conf", false],
  ["conf.d/latest.conf", false],
  ["traefik/dynamic-local.yml", true],
];

for (const [path, isDevelopment] of cases)
  test(`${path} is ${isDevelopment ? "" : "not "}for development`, () => {
    assert.equal(isDevelopmentProxy(path), isDevelopment);
  });

test("templates that an image fills in are configurations of nginx", () => {
  for (const path of ["http.d/site.conf.template", "nginx/conf.d/a.conf.template"])
    assert.equal(proxyByPath(path), "nginx");
  assert.equal(proxyByPath("docs/site.conf.template"), undefined);
});

const rows: readonly [path: string, proxy: ReturnType<typeof proxyByPath>][] = [
  ["Caddyfile", "caddy"],
  ["docker/Caddyfile", "caddy"],
  ["dev-reverse-proxy/Caddyfile", undefined],
  ["dev/nginx/nginx.conf", undefined],
  ["nginx-dev/nginx.conf", undefined],
  ["devices/nginx.conf", "nginx"],
  ["usr/local/nginx/conf/nginx.conf", "nginx"],
  ["nginx.conf.bak", undefined],
];

for (const [path, proxy] of rows)
  test(`the proxy that may read ${path}`, () => assert.equal(proxyByPath(path), proxy));
