import assert from "node:assert/strict";
import { test } from "node:test";

import { detectProxy } from "./proxy-detect.ts";

const cases: readonly [path: string, text: string, kind: string | undefined][] = [
  ["nginx.conf", "", "nginx"],
  ["x", "# a site\nserver {\n  listen 80;\n}\n", "nginx"],
  ["x", "http {\n", "nginx"],
  ["ssl-params", "ssl_protocols TLSv1.2;\n", "nginx"],
  ["nginx.conf.j2", "", "nginx"],
  ["site.conf.template", "server { server_name ${DOMAIN}; }", "nginx"],
  ["Caddyfile", "", "caddy"],
  ["x", "example.test {\n\treverse_proxy :8000\n}\n", "caddy"],
  ["x", "{\n\temail a@example.test\n}\n", "caddy"],
  ["x.json", '{"apps": {"http": {"servers": {}}}}', "caddy"],
  ["x", '{\n"admin": {"disabled": true}}', "caddy"],
  ["x.json", '{"name": "x"}', undefined],
  ["x.conf", "<VirtualHost *:80>\n</VirtualHost>\n", "apache"],
  ["x", "Listen 80\nProxyPass / http://127.0.0.1/\n", "apache"],
  ["haproxy.cfg", "", "haproxy"],
  ["x", "global\n  daemon\nfrontend a\n  bind :80\n", "haproxy"],
  ["x", "defaults\n    mode http\n", "haproxy"],
  ["x.yml", "entryPoints:\n  web:\n    address: :80\n", "traefik"],
  ["x.toml", '[http.routers.a]\n  rule = "Path(`/`)"\n', "traefik"],
  ["x", "hello world\n", undefined],
  ["x", "", undefined],
];

for (const [path, text, kind] of cases) {
  test(`${path} ${JSON.stringify(text.slice(0, 30))} is ${kind}`, () => {
    assert.equal(detectProxy(path, text), kind);
  });
}
