import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import {
  httpNoRedirect,
  httpRedirectPartial,
  httpRedirectTemporary,
  redirectByIf,
  redirectToHttp,
  tlsMissing,
} from "./redirect-rules.ts";

const RULES = [
  tlsMissing,
  httpNoRedirect,
  httpRedirectPartial,
  httpRedirectTemporary,
  redirectByIf,
  redirectToHttp,
];
const APP = "location / { proxy_pass http://127.0.0.1:8000; }";
const TO_HTTPS = "return 301 https://$host$request_uri;";
const REJECT =
  "server { listen 80 default_server; listen 443 ssl default_server; server_name _; ssl_reject_handshake on; return 444; }";
/** What follows begins on line 4. */
const TLS = `http {\n${REJECT}\nserver { listen 443 ssl; server_name a.test www.a.test; ${APP} }\n`;

function beside(...lines: readonly string[]): string {
  return `${TLS}${lines.join("\n")}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a server that redirects",
    beside(`server { listen 80; server_name a.test www.a.test; ${TO_HTTPS} }`),
    [],
  ],
  ["nothing on port 80 but a refusal", beside(), []],
  ["nothing on port 80", `http { server { listen 443 ssl; server_name a.test; ${APP} } }`, []],
  [
    "rewrite permanent",
    beside(
      "server { listen 80; server_name a.test www.a.test; rewrite ^ https://$host$request_uri? permanent; }",
    ),
    [],
  ],
  [
    "308",
    beside(
      "server { listen 80; server_name a.test www.a.test; return 308 https://$host$request_uri; }",
    ),
    [],
  ],
  [
    "a redirect in location /",
    beside(`server { listen 80; server_name a.test www.a.test; location / { ${TO_HTTPS} } }`),
    [],
  ],
  [
    "by a map",
    beside(
      "map $host $target { default https://a.test; }",
      "server { listen 80; server_name a.test www.a.test; return 301 $target$request_uri; }",
    ),
    [],
  ],
  [
    "as certbot writes it",
    beside(
      "server { listen 80; server_name a.test www.a.test; if ($host = www.a.test) { return 301 https://$host$request_uri; } if ($host = a.test) { return 301 https://$host$request_uri; } return 404; }",
    ),
    [],
  ],
  [
    "certbot left one name out",
    beside(
      "server {",
      `listen 80; server_name a.test www.a.test; if ($host = a.test) { ${TO_HTTPS} } ${APP} }`,
    ),
    ["http-redirect-partial:4 fail"],
  ],
  [
    "ACME is exempt",
    beside(
      `server { listen 80; server_name a.test www.a.test; location ^~ /.well-known/acme-challenge/ { root /var/www; } location / { ${TO_HTTPS} } }`,
    ),
    [],
  ],
  [
    "a return of the server runs before its locations",
    beside(
      `server { listen 80; server_name a.test www.a.test; ${TO_HTTPS} location /x { root /srv; } }`,
    ),
    [],
  ],
  [
    "a fixed text for health checks",
    beside(
      `server { listen 80; server_name a.test www.a.test; location = /healthz { return 200 ok; } location / { ${TO_HTTPS} } }`,
    ),
    [],
  ],
  [
    "the application in clear",
    beside(`server {\nlisten 80; server_name a.test; ${APP} }`),
    ["http-no-redirect:4 fail"],
  ],
  [
    "files in clear",
    beside("server {\nlisten 80; server_name a.test; root /srv; }"),
    ["http-no-redirect:4 fail"],
  ],
  [
    "one server for both",
    `http {\nserver {\nlisten 80; listen 443 ssl; server_name a.test; ${APP} } }`,
    ["http-no-redirect:2 fail"],
  ],
  [
    "one server for both, under a wildcard of TLS",
    `http {\nserver { listen 443 ssl; server_name *.a.test; ${APP} }\nserver {\nlisten 80; server_name b.a.test; ${APP} } }`,
    ["http-no-redirect:3 fail"],
  ],
  [
    "one server for both, without a name",
    `http {\nserver {\nlisten 80; listen 443 ssl; ${APP} } }`,
    ["http-no-redirect:2 fail"],
  ],
  [
    "a name by a pattern",
    `http {\nserver { listen 443 ssl; server_name ~^(?<sub>[a-z]+)\\.a\\.test$; ${APP} }\nserver {\nlisten 80; server_name ~^(?<sub>[a-z]+)\\.a\\.test$; ${APP} } }`,
    ["http-no-redirect:3 fail"],
  ],
  [
    "one name of two",
    beside(
      `server { listen 80; server_name a.test; ${TO_HTTPS} }`,
      `server {\nlisten 80; server_name www.a.test; ${APP} }`,
    ),
    ["http-redirect-partial:5 fail"],
  ],
  [
    "one path of two",
    beside(`server {\nlisten 80; server_name a.test; location /login { ${TO_HTTPS} }\n${APP} }`),
    ["http-redirect-partial:6 fail"],
  ],
  [
    "the main page alone",
    beside(`server {\nlisten 80; server_name a.test; location = / { ${TO_HTTPS} }\n${APP} }`),
    ["http-redirect-partial:6 fail"],
  ],
  [
    "one address family of two",
    beside(
      `server { listen 80; server_name a.test www.a.test; ${TO_HTTPS} }`,
      `server {\nlisten [::]:80; server_name a.test www.a.test; ${APP} }`,
    ),
    ["http-redirect-partial:5 fail"],
  ],
  [
    "names that fall to another default server",
    `http {\nserver {\nlisten 80 default_server; root /var/www/html; }\nserver { listen 80; server_name a.test; ${TO_HTTPS} }\nserver { listen 443 ssl; server_name a.test www.a.test; ${APP} } }`,
    ["http-redirect-partial:2 fail"],
  ],
  [
    "a default page of nobody beside complete redirects",
    `http {\nserver {\nlisten 80 default_server; root /var/www/html; }\nserver { listen 80; server_name a.test; ${TO_HTTPS} }\nserver { listen 443 ssl; server_name a.test; ${APP} } }`,
    [],
  ],
  [
    "a default server on another family than TLS",
    `http {\nserver { listen [::]:80 default_server; root /var/www/html; }\nserver { listen 80; server_name a.test; ${TO_HTTPS} }\nserver { listen 443 ssl; server_name a.test; ${APP} } }`,
    [],
  ],
  [
    "no TLS at all",
    `http {\nserver {\nlisten 80; server_name a.test; ${APP} } }`,
    ["tls-missing:2 fail"],
  ],
  ["no TLS and no name", `http {\nserver {\n${APP} } }`, ["tls-missing:2 fail"]],
  [
    "no TLS behind a password",
    `http {\nserver {\nlisten 80; server_name a.test; auth_basic x; auth_basic_user_file y; ${APP} } }`,
    ["tls-missing:2 fail"],
  ],
  [
    "one name has TLS, the other not",
    beside(`server {\nlisten 80; server_name b.test; ${APP} }`),
    ["tls-missing:4 fail"],
  ],
  [
    "a server for both whose certificate is for the default",
    `http {\nserver { listen 443 ssl default_server; server_name a.test; ${APP} }\nserver {\nlisten 80; server_name b.test; ${APP} } }`,
    ["tls-missing:3 fail"],
  ],
  [
    "the stock page for localhost beside TLS",
    beside("server { listen 80; server_name localhost; root html; }"),
    [],
  ],
  [
    "the stock page for localhost alone",
    "http {\nserver {\nlisten 80; server_name localhost; root html; } }",
    ["tls-missing:2 fail"],
  ],
  ["on loopback", `http { server { listen 127.0.0.1:80; server_name a.test; ${APP} } }`, []],
  [
    "on a unix socket",
    `http { server { listen unix:/run/n.sock; server_name a.test; ${APP} } }`,
    [],
  ],
  [
    "behind a load balancer",
    `http { server { listen 80 proxy_protocol; server_name a.test; ${APP} } }`,
    [],
  ],
  [
    "behind a load balancer that tells the scheme",
    `http { server { listen 80; server_name a.test; if ($http_x_forwarded_proto != https) { ${TO_HTTPS} } ${APP} } }`,
    [],
  ],
  [
    "status for private networks",
    `http { server { listen 8080; allow 10.0.0.0/8; allow 127.0.0.1; deny all; ${APP} } }`,
    [],
  ],
  [
    "status for a public network",
    `http {\nserver {\nlisten 8080; allow 203.0.113.0/24; deny all; ${APP} } }`,
    ["tls-missing:2 fail"],
  ],
  [
    "stub_status",
    "http { server { listen 8080; location /status { stub_status; } location / { return 404; } } }",
    [],
  ],
  [
    "a certificate on a port without ssl is another rule's",
    `http { server { listen 443; server_name a.test; ssl_certificate a; ${APP} } }`,
    [],
  ],
  ["TCP is no HTTP", "events {}\nstream { server { listen 80; proxy_pass 127.0.0.1:8000; } }", []],
  [
    "302",
    beside("server { listen 80; server_name a.test;\nreturn 302 https://$host$request_uri; }"),
    ["http-redirect-temporary:5 warn"],
  ],
  [
    "a URL without a code",
    beside("server { listen 80; server_name a.test;\nreturn https://$host$request_uri; }"),
    ["http-redirect-temporary:5 warn"],
  ],
  [
    "rewrite without a flag",
    beside("server { listen 80; server_name a.test;\nrewrite ^(.*)$ https://$host$1; }"),
    ["http-redirect-temporary:5 warn"],
  ],
  [
    "302 of a path that moved, over TLS",
    `http { server { listen 443 ssl; server_name a.test; location /old { return 302 https://a.test/new; } ${APP} } }`,
    [],
  ],
  [
    "if on the scheme",
    `http {\nserver { listen 80; listen 443 ssl; server_name a.test;\nif ($scheme = http) { ${TO_HTTPS} } ${APP} } }`,
    ["redirect-by-if:3 warn"],
  ],
  [
    "if on the scheme that does not hold",
    `http {\nserver {\nlisten 80; listen 443 ssl; server_name a.test; if ($scheme = https) { ${TO_HTTPS} } ${APP} } }`,
    ["http-no-redirect:2 fail"],
  ],
  [
    "to another http address",
    beside("server { listen 80; server_name a.test;\nreturn 301 http://www.a.test$request_uri; }"),
    ["redirect-to-http:5 warn"],
  ],
  [
    "497 on the TLS port",
    `http { server { listen 443 ssl; server_name a.test; error_page 497 https://$host$request_uri; ${APP} } }`,
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`plain HTTP: ${name}`, () => assert.deepEqual(found(RULES, text), expected));
}
