import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  headersDisclosureProxy,
  serverTokens,
  upstreamServerHeaderPassed,
} from "./disclosure-proxy.check.ts";

const RULES = [serverTokens, upstreamServerHeaderPassed];
const PASS = "proxy_pass http://127.0.0.1:8000;";

function http(...lines: readonly string[]): string {
  return `http {\n${lines.join("\n")}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["off", http("server_tokens off;", "server { listen 80; }"), []],
  ["off in the server", http("server { listen 80; server_tokens off; }"), []],
  ["not set", http("server { listen 80; }", "server { listen 81; }"), ["server-tokens:1 warn"]],
  ["a comment", http("# server_tokens off;", "server { listen 80; }"), ["server-tokens:1 warn"]],
  ["on", http("server_tokens on;", "server { listen 80; }"), ["server-tokens:2 warn"]],
  ["build", http("server_tokens build;", "server { listen 80; }"), ["server-tokens:2 warn"]],
  [
    "off, and on in a location",
    http("server_tokens off;", "server { listen 80;", "location /a/ { server_tokens on; } }"),
    ["server-tokens:4 warn"],
  ],
  [
    "not set for one of two",
    http("server { listen 80; server_tokens off; }", "server { listen 81; }"),
    ["server-tokens:1 warn"],
  ],
  ["not set, in a file of servers alone", "server { listen 80; }", ["server-tokens:1 note"]],
  ["on loopback", http("server { listen 127.0.0.1:80; }"), []],
  ["no server", http(""), []],
  [
    "the application's Server passed on",
    http(
      "server_tokens off;",
      "server { listen 80; location / {",
      `${PASS} proxy_pass_header Server;`,
      "} }",
    ),
    ["upstream-server-header-passed:4 warn"],
  ],
  [
    "said further out, of FastCGI",
    http(
      "server_tokens off; fastcgi_pass_header server;",
      "server { listen 80; location / { fastcgi_pass 127.0.0.1:9; } }",
    ),
    ["upstream-server-header-passed:2 warn"],
  ],
  [
    "replaced in the location",
    http(
      "server_tokens off; proxy_pass_header Server;",
      `server { listen 80; location / { ${PASS} proxy_pass_header X-Accel-Expires; } }`,
    ),
    [],
  ],
  [
    "of another protocol",
    http(
      "server_tokens off; fastcgi_pass_header Server;",
      `server { listen 80; location / { ${PASS} } }`,
    ),
    [],
  ],
  [
    "another field",
    http(
      "server_tokens off;",
      `server { listen 80; location / { ${PASS} proxy_pass_header Date; } }`,
    ),
    [],
  ],
  [
    "hidden",
    http(
      "server_tokens off;",
      `server { listen 80; location / { ${PASS} proxy_hide_header Server; proxy_hide_header X-Powered-By; } }`,
    ),
    [],
  ],
  [
    "nothing passed",
    http("server_tokens off; proxy_pass_header Server;", "server { listen 80; root /srv; }"),
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`disclosure in nginx: ${name}`, () => assert.deepEqual(found(RULES, text), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [http("server_tokens off;", "server { listen 80; }"), "pass"],
  [http("server { listen 80; }"), "warn"],
];

for (const [text, status] of statuses) {
  test(`headers.disclosure at the proxy is ${status}`, () => {
    assert.equal(headersDisclosureProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
