import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyHeaderInheritanceProxy,
  securityHeadersLost,
} from "./header-inheritance-proxy.check.ts";

const FRAME = "add_header X-Frame-Options DENY always;";
const TLS = "listen 443 ssl; server_name a.test; ssl_certificate a; ssl_certificate_key b;";

/** The first of the lines is line 2. */
function server(...lines: readonly string[]): string {
  return `server { ${TLS}\n${lines.join("\n")}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["nothing nested", server(FRAME, "root /srv;"), []],
  [
    "nested without fields of its own",
    server(FRAME, "location / { root /srv; location /a/ { } }"),
    [],
  ],
  [
    "lost in a location",
    server(FRAME, "location /a/ {", "add_header X-A b;", "}"),
    ["security-headers-lost:4 warn"],
  ],
  [
    "lost in an if",
    server(FRAME, "location / { if ($arg_a) {", "add_header X-A b;", "} }"),
    ["security-headers-lost:4 warn"],
  ],
  [
    "lost in the server",
    `http { ${FRAME}\n${server("add_header X-A b;", "root /srv;")} }`,
    ["security-headers-lost:3 warn"],
  ],
  ["repeated", server(FRAME, `location /a/ { add_header X-A b; ${FRAME} }`), []],
  [
    "another value of the same field",
    server(FRAME, "location /a/ { add_header x-frame-options SAMEORIGIN; }"),
    [],
  ],
  [
    "a field that protects nothing",
    server("add_header X-A b;", "location /a/ { add_header X-B c; }"),
    [],
  ],
  ["merge", server(FRAME, "location /a/ { add_header_inherit merge; add_header X-A b; }"), []],
  [
    "merge, said further out",
    server(FRAME, "add_header_inherit merge;", "location /a/ { add_header X-A b; }"),
    [],
  ],
  [
    "more_set_headers",
    server("more_set_headers 'X-Frame-Options: DENY';", "location /a/ { add_header X-A b; }"),
    [],
  ],
  ["expires is no add_header", server(FRAME, "location /a/ { expires 30d; }"), []],
  [
    "plain HTTP with content",
    `server { listen 80;\n${FRAME}\nlocation /a/ {\nadd_header X-A b; } }`,
    ["security-headers-lost:4 warn"],
  ],
  [
    "a plain redirect",
    `http { ${FRAME} server { listen 80; add_header X-A b; return 301 https://a.test; } }`,
    [],
  ],
  [
    "loopback",
    `server { listen 127.0.0.1:443 ssl; ${FRAME} location /a/ { add_header X-A b; } }`,
    [],
  ],
  [
    "an empty field at the outer level",
    server('add_header X-Frame-Options "";', "location /a/ { add_header X-A b; }"),
    [],
  ],
  [
    "HSTS alone is for hsts.configured",
    server("add_header Strict-Transport-Security max-age=1;", "location /a/ { add_header X-A b; }"),
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`security-headers-lost: ${name}`, () => {
    assert.deepEqual(found([securityHeadersLost], text), expected);
  });
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["nothing lost", server(FRAME, "root /srv;"), "pass"],
  ["one field lost", server(FRAME, "location /a/ { add_header X-A b; }"), "warn"],
  [
    "HSTS alone lost",
    server("add_header Strict-Transport-Security max-age=1;", "location /a/ { add_header X-A b; }"),
    "warn",
  ],
  [
    "HSTS alone lost on plain HTTP, where it says nothing",
    "server { listen 80; add_header Strict-Transport-Security max-age=1; location /a/ { add_header X-A b; } }",
    "pass",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.header-inheritance: ${name} is ${status}`, () => {
    assert.equal(proxyHeaderInheritanceProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}

test("evidence and fix name what is lost and where it is set", () => {
  const text = server(FRAME, "location /a/ {", "add_header X-A b;", "}");
  const outcome = proxyHeaderInheritanceProxy.evaluate({}, nginxWanted(text));
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.deepEqual(
    finding.evidence.map(({ line, excerpt }) => `${line} ${excerpt}`),
    ["4 add_header X-A b;", "3 location /a/ {", `2 ${FRAME}`],
  );
  assert.deepEqual(finding.edits, [
    { file: "nginx.conf", line: 4, column: 1, action: "insert-after", text: FRAME },
  ]);
});
