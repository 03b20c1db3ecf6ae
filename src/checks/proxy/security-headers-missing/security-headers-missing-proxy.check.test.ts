import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxySecurityHeadersMissingProxy,
  securityHeaderNotAlways,
  securityHeadersMissing,
} from "./security-headers-missing-proxy.check.ts";

const TLS = "listen 443 ssl; server_name a.test; ssl_certificate a; ssl_certificate_key b;";
const ALL = [
  "add_header X-Content-Type-Options nosniff always;",
  "add_header X-Frame-Options DENY always;",
  "add_header Referrer-Policy no-referrer always;",
  "add_header Content-Security-Policy \"default-src 'self'\" always;",
];
const RULES = [securityHeadersMissing, securityHeaderNotAlways];

function http(...lines: readonly string[]): string {
  return `http {\n${lines.join("\n")}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["all set", http(`server { ${TLS}`, ...ALL, "root /srv; }"), []],
  ["all set for http", http(...ALL, `server { ${TLS} root /srv; }`), []],
  ["all set in location /", http(`server { ${TLS} location / {`, ...ALL, "root /srv; } }"), []],
  ["none, files", http(`server { ${TLS} root /srv; }`), ["security-headers-missing:2 warn"]],
  [
    "none, an application",
    http(`server { ${TLS} location / { proxy_pass http://127.0.0.1:1; } }`),
    ["security-headers-missing:2 warn"],
  ],
  [
    "one of four, files",
    http(`server { ${TLS}`, ...ALL.slice(1), "root /srv; }"),
    ["security-headers-missing:2 warn"],
  ],
  [
    "one of four, an application",
    http(`server { ${TLS}`, ...ALL.slice(1), "location / { proxy_pass http://127.0.0.1:1; } }"),
    ["security-headers-missing:2 note"],
  ],
  [
    "frame-ancestors stands in for X-Frame-Options",
    http(
      `server { ${TLS}`,
      ALL[0] ?? "",
      ALL[2] ?? "",
      "add_header Content-Security-Policy \"frame-ancestors 'none'\" always;",
      "root /srv; }",
    ),
    [],
  ],
  [
    "report-only is no policy",
    http(
      `server { ${TLS}`,
      ...ALL.slice(0, 3),
      "add_header Content-Security-Policy-Report-Only x always;",
      "root /srv; }",
    ),
    ["security-headers-missing:2 warn"],
  ],
  [
    "lost is not missing",
    http(...ALL, `server { ${TLS} location / { add_header X-A b always; root /srv; } }`),
    [],
  ],
  ["plain HTTP is tls-missing first", http("server { listen 80; root /srv; }"), []],
  ["a redirect", http(`server { ${TLS} return 301 https://b.test; }`), []],
  ["a refused handshake", http(`server { ${TLS} ssl_reject_handshake on; }`), []],
  ["a fixed text", http(`server { ${TLS} location / { return 200 ok; } }`), []],
  ["a script", http(`server { ${TLS} header_filter_by_lua_block { x } root /srv; }`), []],
  ["loopback", http("server { listen [::1]:443 ssl; root /srv; }"), []],
  [
    "in clear text of a map",
    http(
      'map $uri $csp { default "x"; }',
      `server { ${TLS}`,
      ...ALL.slice(0, 3),
      "add_header Content-Security-Policy $csp always;",
      "root /srv; }",
    ),
    [],
  ],
  [
    "without always",
    http(
      `server { ${TLS}`,
      "add_header X-Frame-Options DENY;",
      ...ALL.filter((_, at) => at !== 1),
      "root /srv; }",
    ),
    ["security-header-not-always:3 note"],
  ],
  [
    "another field without always",
    http(`server { ${TLS}`, "add_header X-A b;", ...ALL, "root /srv; }"),
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`security headers: ${name}`, () => assert.deepEqual(found(RULES, text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["all set", http(`server { ${TLS}`, ...ALL, "root /srv; }"), "pass"],
  ["none set", http(`server { ${TLS} root /srv; }`), "warn"],
  ["a redirect alone", http("server { listen 80; return 301 https://a.test; }"), "skip"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.security-headers-missing: ${name} is ${status}`, () => {
    assert.equal(proxySecurityHeadersMissingProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
