import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxySsrfProxyPassProxy, ssrfProxyPass } from "./ssrf-proxy-pass-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a query argument",
    "server {\n listen 80;\n location / {\n  proxy_pass http://$arg_url;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "the whole URL",
    "server {\n listen 80;\n location / {\n  proxy_pass $arg_url;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "a fixed host",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app$request_uri;\n }\n}",
    [],
  ],
  [
    "a path with the path",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app:8000$uri$is_args$args;\n }\n}",
    [],
  ],
  [
    "an argument in the path",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app:8000/find?q=$arg_q;\n }\n}",
    [],
  ],
  [
    "a header by two sets",
    "server {\n listen 80;\n set $target $http_x_target;\n location / {\n  set $dest $target;\n  proxy_pass https://$dest/path;\n }\n}",
    ["ssrf-proxy-pass:6 fail"],
  ],
  [
    "a map to literals",
    "map $arg_r $backend {\n default a:80;\n b c:80;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://$backend;\n }\n}",
    [],
  ],
  [
    "a map that hands it through",
    "map $arg_r $backend {\n default $arg_r;\n b c:80;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://$backend;\n }\n}",
    ["ssrf-proxy-pass:8 fail"],
  ],
  [
    "a variable set to a literal",
    "server {\n listen 80;\n set $app 127.0.0.1:8000;\n location / {\n  proxy_pass http://$app;\n }\n}",
    [],
  ],
  [
    "a digit of the path",
    "server {\n listen 80;\n location ~ ^/shard/([0-9])/ {\n  proxy_pass http://shard$1.internal:8000;\n }\n}",
    [],
  ],
  [
    "one of a list",
    "server {\n listen 80;\n location ~ ^/(eu|us)/ {\n  proxy_pass http://$1:8000;\n }\n}",
    [],
  ],
  [
    "letters within a fixed domain",
    "server {\n listen 80;\n location ~ ^/t/([a-z-]+)/ {\n  proxy_pass http://$1.internal;\n }\n}",
    [],
  ],
  [
    "letters as the whole host",
    "server {\n listen 80;\n location ~ ^/t/([a-z-]+)/ {\n  proxy_pass http://$1:8000;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "letters behind a fixed beginning",
    "server {\n listen 80;\n location ~ ^/t/([a-z]+)/ {\n  proxy_pass http://svc-$1:8000;\n }\n}",
    [],
  ],
  [
    "a segment within a fixed domain: a question mark ends it",
    "server {\n listen 80;\n location ~ ^/t/([^/]+)/ {\n  proxy_pass http://$1.internal;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "a capture glued to the host",
    "server {\n listen 80;\n location ~ ^/api(.*)$ {\n  proxy_pass http://backend$1;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "a capture that begins with a slash",
    "server {\n listen 80;\n location ~ ^/api(/.*)$ {\n  proxy_pass http://backend$1;\n }\n}",
    [],
  ],
  [
    "a name",
    "server {\n listen 80;\n location ~ ^/(?<h>.+)/x$ {\n  proxy_pass http://$h/;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "a port",
    "server {\n listen 80;\n location ~ ^/p/([0-9]+)/ {\n  proxy_pass http://127.0.0.1:$1;\n }\n}",
    ["ssrf-proxy-pass:4 fail"],
  ],
  [
    "$host where any name is taken",
    "server {\n listen 80;\n server_name _;\n location / {\n  proxy_pass http://$host:8000;\n }\n}",
    ["ssrf-proxy-pass:5 fail"],
  ],
  [
    "$host of the only server",
    "server {\n listen 80;\n server_name a.example.com;\n location / {\n  proxy_pass http://$host:8000;\n }\n}",
    ["ssrf-proxy-pass:5 fail"],
  ],
  [
    "$host beside a server that takes the rest",
    "server { listen 80 default_server; return 444; }\nserver {\n listen 80;\n server_name a.example.com;\n location / {\n  proxy_pass http://$host:8000;\n }\n}",
    [],
  ],
  [
    "$http_host is as it was sent",
    "server { listen 80 default_server; return 444; }\nserver {\n listen 80;\n server_name a.example.com;\n location / {\n  proxy_pass http://$http_host;\n }\n}",
    ["ssrf-proxy-pass:6 fail"],
  ],
  [
    "a part of the name",
    "server { listen 80 default_server; return 444; }\nserver {\n listen 80;\n server_name ~^(?<t>[a-z]+)\\.example\\.com$;\n location / {\n  proxy_pass http://$t.internal;\n }\n}",
    [],
  ],
  [
    "internal",
    "server {\n listen 80;\n location / {\n  internal;\n  proxy_pass http://$arg_url;\n }\n}",
    [],
  ],
  [
    "on loopback",
    "server {\n listen 127.0.0.1:80;\n location / {\n  proxy_pass http://$arg_url;\n }\n}",
    [],
  ],
  [
    "dead behind a return",
    "server {\n listen 80;\n return 444;\n location / {\n  proxy_pass http://$arg_url;\n }\n}",
    [],
  ],
  [
    "what the application answered",
    "server {\n listen 80;\n location @redirect {\n  proxy_pass $upstream_http_location;\n }\n}",
    [],
  ],
  [
    "a rewritten path without slash",
    "server {\n listen 80;\n location /x/ {\n  rewrite ^/x/(.*)$ $1 break;\n  proxy_pass http://app$uri;\n }\n}",
    ["ssrf-proxy-pass:5 fail"],
  ],
  [
    "the name of TLS in stream",
    "stream {\n server {\n  listen 443;\n  ssl_preread on;\n  proxy_pass $ssl_preread_server_name:443;\n }\n}",
    ["ssrf-proxy-pass:5 fail"],
  ],
  [
    "a map of it",
    "stream {\n map $ssl_preread_server_name $to {\n  default 127.0.0.1:8443;\n  a.example.com 10.0.0.1:443;\n }\n server {\n  listen 443;\n  proxy_pass $to;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`ssrf-proxy-pass: ${name}`, () => assert.deepEqual(found([ssrfProxyPass], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["a fixed host", "server {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}", "pass"],
  [
    "a chosen one",
    "server {\n listen 80;\n location / {\n  proxy_pass http://$arg_u;\n }\n}",
    "fail",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.ssrf-proxy-pass: ${name} is ${status}`, () => {
    assert.equal(proxySsrfProxyPassProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
