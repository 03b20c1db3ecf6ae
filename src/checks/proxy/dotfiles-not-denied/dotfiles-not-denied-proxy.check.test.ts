import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  dotfilesNotDenied,
  proxyDotfilesNotDeniedProxy,
} from "./dotfiles-not-denied-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a root without a rule",
    "server {\n listen 80;\n root /srv/www;\n location / {\n  try_files $uri $uri/ =404;\n }\n}",
    ["dotfiles-not-denied:3 warn"],
  ],
  [
    "all are denied",
    "server {\n listen 80;\n root /srv/www;\n location ~ /\\.(?!well-known/) {\n  deny all;\n }\n}",
    [],
  ],
  [
    "all are not found",
    "server {\n listen 80;\n root /srv/www;\n location ~ /\\. {\n  return 404;\n }\n}",
    [],
  ],
  [
    "some are denied",
    "server {\n listen 80;\n root /srv/www;\n location ~ /\\.ht {\n  deny all;\n }\n}",
    ["dotfiles-not-denied:4 warn"],
  ],
  [
    ".git alone is denied",
    "server {\n listen 80;\n root /srv/www;\n location ^~ /.git {\n  deny all;\n }\n}",
    ["dotfiles-not-denied:4 warn"],
  ],
  [
    ".git and .env by prefix",
    "server {\n listen 80;\n root /srv/www;\n location ^~ /.git { deny all; }\n location ^~ /.env { deny all; }\n}",
    [],
  ],
  [
    "an earlier pattern takes them",
    "server {\n listen 80;\n root /srv/www;\n location ~ /\\. {\n  deny all;\n }\n location ~ ^/ { }\n}",
    [],
  ],
  [
    "a pattern before the denial takes them",
    "server {\n listen 80;\n root /srv/www;\n location ~ ^/ { }\n location ~ /\\. {\n  deny all;\n }\n}",
    ["dotfiles-not-denied:5 warn"],
  ],
  [
    "an alias without a rule",
    "server {\n listen 80;\n location /static/ {\n  alias /srv/static/;\n }\n}",
    ["dotfiles-not-denied:4 warn"],
  ],
  [
    "^~ keeps the rule of the server out",
    "server {\n listen 80;\n location ^~ /media/ {\n  alias /srv/media/;\n }\n location ~ /\\.(?!well-known/) {\n  deny all;\n }\n}",
    ["dotfiles-not-denied:6 warn"],
  ],
  [
    "a rule of its own within",
    "server {\n listen 80;\n location ^~ /media/ {\n  alias /srv/media/;\n  location ~ /\\. { deny all; }\n }\n}",
    [],
  ],
  [
    "one file",
    "server {\n listen 80;\n location = /50x.html {\n  root /usr/share/nginx/html;\n }\n location /favicon.ico {\n  root /srv/www;\n }\n}",
    [],
  ],
  [
    "challenges of ACME",
    "server {\n listen 80;\n location /.well-known/acme-challenge/ {\n  root /var/www/acme;\n }\n}",
    [],
  ],
  [
    "everything is handed on",
    "server {\n listen 80;\n root /srv/www;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "files first, then the application",
    "server {\n listen 80;\n root /srv/www;\n location / {\n  try_files $uri @app;\n }\n location @app {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    ["dotfiles-not-denied:3 warn"],
  ],
  [
    "never the file asked for",
    "server {\n listen 80;\n root /srv/www;\n location / {\n  try_files /maintenance.html @app;\n }\n}",
    [],
  ],
  ["no root at all", "server {\n listen 80;\n location / { }\n}", []],
  ["behind a password", "server {\n listen 443 ssl;\n root /srv/www;\n auth_basic x;\n}", []],
  ["on loopback", "server {\n listen 127.0.0.1:80;\n root /srv/www;\n\n}", []],
  [
    "the server redirects",
    "server {\n listen 80;\n root /srv/www;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "an if on the path",
    'server {\n listen 80;\n root /srv/www;\n if ($request_uri ~ "/\\.") { return 404; }\n}',
    [],
  ],
  [
    "an if on something else",
    "server {\n listen 80;\n root /srv/www;\n if ($host = x) { return 404; }\n}",
    ["dotfiles-not-denied:3 warn"],
  ],
  [
    "a rewrite takes them",
    "server {\n listen 80;\n root /srv/www;\n rewrite /\\. /404.html last;\n location = /404.html { }\n}",
    [],
  ],
  [
    "internal",
    "server {\n listen 80;\n location /files/ {\n  internal;\n  alias /srv/files/;\n }\n}",
    [],
  ],
  [
    "in http, for two servers",
    "http {\n root /srv/www;\n server { listen 80; server_name a; }\n server { listen 80; server_name b; }\n}",
    ["dotfiles-not-denied:2 warn"],
  ],
  [
    "a pattern that cannot be evaluated",
    "server {\n listen 80;\n root /srv/www;\n location ~ (.)\\1 { }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`dotfiles-not-denied: ${name}`, () =>
    assert.deepEqual(found([dotfilesNotDenied], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "denied",
    "server {\n listen 80;\n root /srv/www;\n location ~ /\\.(?!well-known/) {\n  deny all;\n }\n}",
    "pass",
  ],
  [
    "denied by a pattern nobody can evaluate",
    "server {\n listen 80;\n root /srv/www;\n location ~ ^/\\.(?R)?e {\n  deny all;\n }\n}",
    "unknown",
  ],
  [
    "a pattern nobody can evaluate, and either way it is denied",
    "server {\n listen 80;\n root /srv/www;\n deny all;\n location ~ ^/\\.(?R)?e { }\n}",
    "pass",
  ],
  ["not denied", "server {\n listen 80;\n root /srv/www;\n\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.dotfiles-not-denied: ${name} is ${status}`, () => {
    assert.equal(proxyDotfilesNotDeniedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
