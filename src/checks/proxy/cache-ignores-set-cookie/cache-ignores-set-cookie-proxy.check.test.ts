import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  cacheIgnoresSetCookie,
  proxyCacheIgnoresSetCookieProxy,
} from "./cache-ignores-set-cookie-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "ignored",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n }\n}",
    ["cache-ignores-set-cookie:6 fail"],
  ],
  [
    "other headers",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Expires;\n }\n}",
    [],
  ],
  [
    "no cache",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n }\n}",
    [],
  ],
  [
    "the cache is off here",
    "server {\n listen 80;\n proxy_cache c;\n location / {\n  proxy_pass http://app;\n  proxy_cache off;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n }\n}",
    [],
  ],
  [
    "hidden",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n  proxy_hide_header Set-Cookie;\n }\n}",
    [],
  ],
  [
    "kept out",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n  proxy_no_cache $upstream_http_set_cookie;\n }\n}",
    [],
  ],
  [
    "part of the key",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n  proxy_cache_key $uri$cookie_session;\n }\n}",
    [],
  ],
  [
    "in http",
    "http {\n proxy_ignore_headers set-cookie;\n server {\n  listen 80;\n  location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  }\n }\n}",
    ["cache-ignores-set-cookie:2 fail"],
  ],
  [
    "replaced further in",
    "http {\n proxy_ignore_headers Set-Cookie;\n server {\n  listen 80;\n  location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Expires;\n  }\n }\n}",
    [],
  ],
  [
    "FastCGI",
    "server {\n listen 80;\n location / {\n  fastcgi_pass app;\n  fastcgi_cache c;\n  fastcgi_ignore_headers Set-Cookie;\n }\n}",
    ["cache-ignores-set-cookie:6 fail"],
  ],
  [
    "of another protocol",
    "server {\n listen 80;\n location / {\n  fastcgi_pass app;\n  fastcgi_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`cache-ignores-set-cookie: ${name}`, () =>
    assert.deepEqual(found([cacheIgnoresSetCookie], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "none",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n }\n}",
    "pass",
  ],
  [
    "one",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n  proxy_cache c;\n  proxy_ignore_headers Cache-Control Set-Cookie;\n }\n}",
    "fail",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.cache-ignores-set-cookie: ${name} is ${status}`, () => {
    assert.equal(proxyCacheIgnoresSetCookieProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
