import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { httpSplitting, proxyHttpSplittingProxy } from "./http-splitting-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "$uri in a redirect",
    "server {\n listen 80;\n return 301 https://$host$uri;\n}",
    ["http-splitting:3 fail"],
  ],
  [
    "$request_uri in a redirect",
    "server {\n listen 80;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "braces",
    "server {\n listen 80;\n return 302 https://a/${document_uri}x;\n}",
    ["http-splitting:3 fail"],
  ],
  [
    "return with an address alone",
    "server {\n listen 80;\n return https://$host$uri;\n}",
    ["http-splitting:3 fail"],
  ],
  ["a body", 'server {\n listen 80;\n return 200 "$uri";\n}', []],
  [
    "a segment of the path",
    "server {\n listen 80;\n location ~ ^/old/([^/]*)/ {\n  return 301 https://a/$1;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "letters",
    "server {\n listen 80;\n location ~ ^/old/([a-z0-9-]+)/$ {\n  return 301 https://a/$1;\n }\n}",
    [],
  ],
  [
    "a dot takes no newline",
    "server {\n listen 80;\n location ~ ^/old/(.*)$ {\n  return 301 /new/$1;\n }\n}",
    [],
  ],
  [
    "unless told to",
    "server {\n listen 80;\n location ~ (?s)^/old/(.*)$ {\n  return 301 /new/$1;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "a name",
    "server {\n listen 80;\n location ~ ^/old/(?<rest>[^.]+) {\n  return 301 /new/$rest;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "another group of the pattern",
    "server {\n listen 80;\n location ~ ^/([^/]+)/([0-9]+)$ {\n  return 301 /new/$2;\n }\n}",
    [],
  ],
  [
    "a rewrite with $uri",
    "server {\n listen 80;\n rewrite ^ https://$host$uri permanent;\n}",
    ["http-splitting:3 fail"],
  ],
  [
    "a rewrite with its own numbered capture",
    "server {\n listen 80;\n rewrite ^/([^/]+)/x$ https://a/$1 permanent;\n}",
    [],
  ],
  [
    "a rewrite with its own named capture",
    "server {\n listen 80;\n rewrite ^/(?<p>[^/]+)/x$ https://a/$p redirect;\n}",
    ["http-splitting:3 fail"],
  ],
  ["a rewrite within the server", "server {\n listen 80;\n rewrite ^/(.*)$ /x$uri last;\n}", []],
  [
    "a header that is added",
    "server {\n listen 80;\n add_header X-Path $uri;\n}",
    ["http-splitting:3 fail"],
  ],
  [
    "a header towards the application",
    "server {\n listen 80;\n location / {\n  proxy_set_header X-Path $uri;\n  proxy_pass http://app;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "the path towards the application",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app$uri$is_args$args;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "a proxy_pass without variables",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app/x/;\n }\n}",
    [],
  ],
  [
    "a capture towards the application",
    "server {\n listen 80;\n location ~ ^/a/([^/]+)$ {\n  proxy_pass http://app/$1;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "an exact location",
    "server {\n listen 80;\n location = /a {\n  return 301 https://$host$uri;\n }\n}",
    [],
  ],
  [
    "a location whose pattern takes none",
    "server {\n listen 80;\n location ~ ^/[a-z]+$ {\n  return 301 https://$host$uri;\n }\n}",
    [],
  ],
  [
    "one with an open end",
    "server {\n listen 80;\n location ~ ^/[a-z]+ {\n  return 301 https://$host$uri;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "by set",
    "server {\n listen 80;\n location / {\n  set $to $uri;\n  return 301 https://a$to;\n }\n}",
    ["http-splitting:5 fail"],
  ],
  [
    "by a map of the path",
    "map $uri $new {\n default /x;\n ~^/b/(?<s>[^/]+)$ /p/$s;\n}\nserver {\n listen 80;\n return 301 $new;\n}",
    ["http-splitting:7 fail"],
  ],
  [
    "by a map of letters",
    'map $uri $new {\n default "";\n ~^/b/(?<s>[a-z-]+)$ /p/$s;\n}\nserver {\n listen 80;\n return 301 $new;\n}',
    [],
  ],
  [
    "by a map of what was sent",
    'map $request_uri $new {\n default "";\n ~^/b/(?<s>[^/]+)$ /p/$s;\n}\nserver {\n listen 80;\n return 301 $new;\n}',
    [],
  ],
  [
    "a numbered capture of the key",
    'map $uri $new {\n default "";\n ~^/b/([^/]+)$ /p/$1;\n}\nserver {\n listen 80;\n return 301 $new;\n}',
    ["http-splitting:7 fail"],
  ],
  [
    "a capture of what was sent",
    "server {\n listen 80;\n if ($request_uri ~ ^/a/([^?]*)) {\n  return 301 /b/$1;\n }\n}",
    [],
  ],
  [
    "a capture of the path",
    "server {\n listen 80;\n if ($uri ~ ^/a/([^?]*)) {\n  return 301 /b/$1;\n }\n}",
    ["http-splitting:4 fail"],
  ],
  [
    "a capture of a header",
    "server {\n listen 80;\n if ($http_x ~ ^([^,]*)) {\n  add_header X-Y $1;\n }\n}",
    [],
  ],
  ["an argument", "server {\n listen 80;\n return 301 $arg_next;\n}", []],
  [
    "in http",
    "http {\n add_header X-Path $uri;\n server { listen 80; }\n}",
    ["http-splitting:2 fail"],
  ],
  [
    "dead behind a return",
    "server {\n listen 80;\n return 444;\n location / {\n  return 301 https://$host$uri;\n }\n}",
    [],
  ],
  [
    "a name of the server",
    "server {\n listen 80;\n server_name ~^(?<sub>[^.]+)\\.a$;\n return 301 https://b/$sub;\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`http-splitting: ${name}`, () => assert.deepEqual(found([httpSplitting], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["none", "server {\n listen 80;\n return 301 https://$host$request_uri;\n}", "pass"],
  ["one", "server {\n listen 80;\n return 301 https://$host$uri;\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.http-splitting: ${name} is ${status}`, () => {
    assert.equal(proxyHttpSplittingProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
