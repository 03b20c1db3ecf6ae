import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyRedirectUntrustedHostProxy,
  redirectUntrustedHost,
} from "./redirect-untrusted-host-proxy.check.ts";

const ECHO = "return 301 https://$host$request_uri;";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a catch-all by name",
    `server { listen 80; server_name _;\n${ECHO} }`,
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "a catch-all without a name",
    `server { listen 80;\n${ECHO} }`,
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "default_server with names",
    `server { listen 80 default_server; server_name a.test;\n${ECHO} }`,
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "a catch-all by pattern",
    `server { listen 80; server_name b.test; return 404; }\nserver { listen 80; server_name ~^(?<n>.+)$;\nreturn 301 https://$n$request_uri; }`,
    ["redirect-untrusted-host:3 warn"],
  ],
  [
    "in a location",
    `server { listen 80 default_server;\nlocation / {\n${ECHO} } }`,
    ["redirect-untrusted-host:3 warn"],
  ],
  [
    "by set",
    "server { listen 80 default_server; set $t https://$host;\nreturn 301 $t$request_uri; }",
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "over TLS",
    "server { listen 443 ssl default_server; ssl_certificate a;\nreturn 301 https://$host:8443/; }",
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "default_server on another port only",
    `server { listen 81 default_server; listen 80; server_name a.test;\n${ECHO} }\nserver { listen 80 default_server; return 444; }`,
    ["redirect-untrusted-host:2 warn"],
  ],
  ["names, and default by being first", `server { listen 80; server_name a.test; ${ECHO} }`, []],
  [
    "names, and another default",
    `server { listen 80 default_server; return 444; } server { listen 80; server_name a.test; ${ECHO} }`,
    [],
  ],
  [
    "a wildcard",
    `server { listen 80 default_server; return 444; } server { listen 80; server_name *.a.test; ${ECHO} }`,
    [],
  ],
  [
    "server_name",
    "server { listen 80 default_server; server_name a.test; return 301 https://$server_name$request_uri; }",
    [],
  ],
  [
    "a name written out",
    "server { listen 80 default_server; return 301 https://a.test$request_uri; }",
    [],
  ],
  [
    "a catch-all that only redirects what it knows",
    `server { listen 80 default_server; server_name a.test; if ($host = a.test) { ${ECHO} } return 404; }`,
    [],
  ],
  [
    "a map of what it knows",
    "map $host $t { a.test https://a.test; default https://www.a.test; } server { listen 80 default_server; return 301 $t; }",
    [],
  ],
  ["a path", "server { listen 80 default_server; return 301 /login; }", []],
  ["loopback", `server { listen 127.0.0.1:80 default_server; ${ECHO} }`, []],
  [
    "$http_host with names",
    "server { listen 80; server_name a.test;\nreturn 301 https://$http_host$request_uri; }",
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "${http_host} in a rewrite",
    "server { listen 80; server_name a.test;\nrewrite ^ https://${http_host}/x permanent; }",
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "$scheme and $http_host in an if",
    "server { listen 80; server_name a.test; if ($arg_a) {\nreturn 302 $scheme://$http_host/; } }",
    ["redirect-untrusted-host:2 warn"],
  ],
  [
    "$http_host to the application",
    "server { listen 80; server_name a.test; location / { proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:1; } }",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`redirect-untrusted-host: ${name}`, () => {
    assert.deepEqual(found([redirectUntrustedHost], text), expected);
  });
}

const statuses: readonly [text: string, status: string][] = [
  [`server { listen 80; server_name a.test; ${ECHO} }`, "pass"],
  [`server { listen 80; ${ECHO} }`, "warn"],
];

for (const [text, status] of statuses) {
  test(`proxy.redirect-untrusted-host: ${text} is ${status}`, () => {
    assert.equal(proxyRedirectUntrustedHostProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
