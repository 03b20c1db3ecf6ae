import assert from "node:assert/strict";
import { test } from "node:test";

import { proxyByPath } from "./proxy-tree.ts";

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
