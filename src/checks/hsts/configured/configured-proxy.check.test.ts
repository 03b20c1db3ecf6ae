import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known } from "../../../core/reading.ts";
import { trace } from "../../../core/trace.ts";
import { wholeSite } from "../../live-headers/example-answers.ts";
import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { hstsConfiguredProxy } from "./configured-proxy.check.ts";
import { hstsLostInLocation, hstsMissing, hstsNotAlways } from "./hsts-rules.ts";

const RULES = [hstsMissing, hstsLostInLocation, hstsNotAlways];
const VALUE = '"max-age=31536000; includeSubDomains"';
const SET = `add_header Strict-Transport-Security ${VALUE} always;`;
const PASS = "proxy_pass http://127.0.0.1:8000;";

/** Lines of a server over TLS: the first one given is line 3. */
function tls(...lines: readonly string[]): string {
  return `server {\nlisten 443 ssl; server_name www.example.com; ssl_certificate a; ssl_certificate_key b;\n${lines.join("\n")}\n}`;
}

/** As an `http` block, so that nothing stands around it. */
function http(...lines: readonly string[]): string {
  return `http {\n${lines.join("\n")}\n}`;
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["set for the server", http(tls(SET, `location / { ${PASS} }`)), []],
  ["set for http", http(SET, tls(`location / { ${PASS} }`)), []],
  ["missing, of an application", http(tls(`location / { ${PASS} }`)), ["hsts-missing:2 warn"]],
  ["missing, of files", http(tls("location / { root /srv; }")), ["hsts-missing:2 fail"]],
  [
    "missing, and the application's hidden",
    http(tls(`location / { ${PASS} proxy_hide_header strict-transport-security; }`)),
    ["hsts-missing:2 fail"],
  ],
  [
    "hidden by one name and passed by it after all",
    http(
      tls(
        `location / { ${PASS} proxy_hide_header Strict-Transport-Security; proxy_pass_header Strict-Transport-Security; }`,
      ),
    ),
    ["hsts-missing:2 warn"],
  ],
  ["a comment is none", http(tls(`# ${SET}`, "root /srv;")), ["hsts-missing:2 fail"]],
  ["a file of servers alone", tls("root /srv;"), ["hsts-missing:1 warn"]],
  [
    "an empty value is none",
    http(tls("root /srv;", 'add_header Strict-Transport-Security "" always;')),
    ["hsts-missing:2 fail"],
  ],
  ["a handshake that is refused", http(tls("ssl_reject_handshake on;")), []],
  ["nothing but 444", http(tls("return 444;")), []],
  ["nothing but a redirect", http(tls("return 301 https://example.com$request_uri;")), []],
  ["nothing but a refusal", http(tls("return 403;")), []],
  ["plain HTTP", http("server {\nlisten 80; root /srv;\n}"), []],
  ["loopback", http("server {\nlisten 127.0.0.1:443 ssl; root /srv;\n}"), []],
  [
    "another server's ssl makes it TLS",
    http(
      "server { listen 443 ssl; server_name a.test; return 444; }",
      "server {\nlisten 443; server_name b.test; root /srv;\n}",
    ),
    ["hsts-missing:3 fail"],
  ],
  ["QUIC alone", http("server {\nlisten 443 quic; root /srv;\n}"), ["hsts-missing:2 fail"]],
  [
    "in every location",
    http(tls(`location / { ${SET} ${PASS} }`, `location /static/ { ${SET} root /srv; }`)),
    [],
  ],
  [
    "in one location of two",
    http(tls(`location / { ${SET} ${PASS} }`, "location /static/ { root /srv; }")),
    ["hsts-missing:5 warn"],
  ],
  [
    "lost on the main route",
    http(tls(SET, "location / {", "add_header X-A b;", PASS, "}")),
    ["hsts-lost-in-location:6 fail"],
  ],
  [
    "lost elsewhere",
    http(
      tls(
        SET,
        `location / { ${PASS} }`,
        "location /static/ {",
        "expires 30d;",
        "add_header Cache-Control public;",
        "}",
      ),
    ),
    ["hsts-lost-in-location:8 warn"],
  ],
  [
    "lost by what try_files leads to",
    http(
      tls(
        SET,
        "root /srv;",
        "location / { try_files $uri @app; }",
        "location @app {",
        "add_header X-A b;",
        PASS,
        "}",
      ),
    ),
    ["hsts-lost-in-location:8 fail"],
  ],
  [
    "lost in an if",
    http(
      tls(
        SET,
        `location / { ${PASS}`,
        "if ($request_method = OPTIONS) {",
        "add_header X-A b;",
        "return 204;",
        "} }",
      ),
    ),
    ["hsts-lost-in-location:7 warn"],
  ],
  [
    "an if without fields of its own",
    http(tls(SET, `location / { ${PASS} if ($arg_a) { return 204; } }`)),
    [],
  ],
  [
    "lost two levels down",
    http(tls(SET, `location /a/ { ${PASS} location /a/b/ {`, "add_header X-A b;", "} }")),
    ["hsts-lost-in-location:6 warn"],
  ],
  [
    "lost once, for what is below as well",
    http(
      tls(SET, "location /a/ {", "add_header X-A b;", `${PASS} location /a/b/ { root /srv; } }`),
    ),
    ["hsts-lost-in-location:6 warn"],
  ],
  [
    "lost in the server",
    http(SET, tls("add_header X-A b;", `location / { ${PASS} }`)),
    ["hsts-lost-in-location:5 fail"],
  ],
  [
    "repeated in the location",
    http(tls(SET, `location / { add_header X-A b; ${SET} ${PASS} }`)),
    [],
  ],
  [
    "add_header_inherit merge",
    http(tls(SET, `location / { add_header_inherit merge; add_header X-A b; ${PASS} }`)),
    [],
  ],
  [
    "add_header_inherit off",
    http(tls(SET, "location / {", "add_header_inherit off;", `${PASS} }`)),
    ["hsts-lost-in-location:6 fail"],
  ],
  [
    "dropped on purpose by an empty value",
    http(
      tls(
        SET,
        `location / { ${PASS} }`,
        "location /a/ {",
        'add_header Strict-Transport-Security "";',
        "}",
      ),
    ),
    ["hsts-lost-in-location:7 warn"],
  ],
  [
    "never reached behind a return",
    http(tls(SET, "return 200 x;", "location / { add_header X-A b; }")),
    [],
  ],
  [
    "more_set_headers adds up",
    http(
      tls(
        "more_set_headers 'Strict-Transport-Security: max-age=31536000';",
        `location / { add_header X-A b; ${PASS} }`,
      ),
    ),
    [],
  ],
  [
    "a script may set it",
    http(tls("header_filter_by_lua_block { x }", `location / { ${PASS} }`)),
    [],
  ],
  [
    "without always",
    http(tls(`add_header Strict-Transport-Security ${VALUE};`, "root /srv;")),
    ["hsts-not-always:4 warn"],
  ],
  [
    "for some statuses only",
    http(
      tls("more_set_headers -s 200 'Strict-Transport-Security: max-age=31536000';", "root /srv;"),
    ),
    ["hsts-not-always:4 warn"],
  ],
  [
    "one directive of http without always for two servers is one finding",
    http(`add_header Strict-Transport-Security ${VALUE};`, tls("root /a;"), tls("root /b;")),
    ["hsts-not-always:2 warn"],
  ],
  [
    "without always on a plain server, which sends it in vain",
    http(`server { listen 80; add_header Strict-Transport-Security ${VALUE}; root /srv; }`),
    [],
  ],
  [
    "by a map of the scheme",
    http(
      `map $scheme $hsts { https ${VALUE}; }`,
      tls("add_header Strict-Transport-Security $hsts always;", "root /srv;"),
    ),
    [],
  ],
  [
    "by a map that has it for http only",
    http(
      `map $scheme $hsts { http ${VALUE}; }`,
      tls("add_header Strict-Transport-Security $hsts always;", "root /srv;"),
    ),
    ["hsts-missing:3 fail"],
  ],
  [
    "where the application sends none",
    http(
      `map $upstream_http_strict_transport_security $hsts { '' ${VALUE}; }`,
      tls("add_header Strict-Transport-Security $hsts always;", `location / { ${PASS} }`),
    ),
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`hsts in nginx: ${name}`, () => assert.deepEqual(found(RULES, text), expected));
}

function wanted(text: string, live: Parameters<typeof wholeSite>[0] | undefined = undefined) {
  return {
    ...nginxWanted(text),
    live: live === undefined ? absent("no live target") : known([wholeSite(live)]),
    source: absent("no application"),
  };
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["set", http(tls(SET, "root /srv;")), "pass"],
  [
    "lost in one location",
    http(tls(SET, "root /srv;", "location /a/ { add_header X-A b; }")),
    "warn",
  ],
  ["missing", http(tls("root /srv;")), "fail"],
  ["plain HTTP only", http("server { listen 80; root /srv; }"), "skip"],
];

for (const [name, text, status] of statuses) {
  test(`hsts.configured: ${name} is ${status}`, () => {
    assert.equal(hstsConfiguredProxy.evaluate({}, wanted(text)).status, status);
  });
}

const HSTS = ["Strict-Transport-Security", "max-age=31536000; includeSubDomains"] as const;

test("an application that was seen to send it makes up for nginx", () => {
  const text = http(tls(`location / { ${PASS} }`));
  assert.equal(hstsConfiguredProxy.evaluate({}, wanted(text, { page: [HSTS] })).status, "pass");
  assert.equal(hstsConfiguredProxy.evaluate({}, wanted(text, { page: [] })).status, "warn");
});

const traces: readonly [
  name: string,
  text: string,
  live: Parameters<typeof wholeSite>[0] | undefined,
  verdict: string,
  says: string,
][] = [
  ["set and seen", http(tls(SET, "root /srv;")), { page: [HSTS] }, "agrees", "sets sets"],
  ["set and not seen", http(tls(SET, "root /srv;")), { page: [] }, "contradicted", "sets drops"],
  [
    "set, and another value seen",
    http(tls(SET, "root /srv;")),
    { page: [["Strict-Transport-Security", "max-age=1"]] },
    "contradicted",
    "sets sets",
  ],
  [
    "lost and not seen",
    http(tls(SET, "location / { add_header X-A b; root /srv; }")),
    { page: [] },
    "lost",
    "sets drops drops",
  ],
  [
    "hidden, set by nginx",
    http(tls(SET, `location / { ${PASS} proxy_hide_header Strict-Transport-Security; }`)),
    { page: [HSTS] },
    "overridden",
    "drops sets sets",
  ],
  [
    "passed on and seen",
    http(tls(`location / { ${PASS} }`)),
    { page: [HSTS] },
    "agrees",
    "passes-on sets",
  ],
  [
    "passed on, not looked at",
    http(tls(`location / { ${PASS} }`)),
    undefined,
    "unknown",
    "passes-on",
  ],
  [
    "a script",
    http(tls("header_filter_by_lua_block { x }", "root /srv;")),
    { page: [HSTS] },
    "unknown",
    "unknown sets",
  ],
];

for (const [name, text, live, verdict, says] of traces) {
  test(`hsts.configured: trace of ${name}`, () => {
    const steps = hstsConfiguredProxy.states?.({}, wanted(text, live)) ?? [];
    assert.equal(steps.map((step) => step.says).join(" "), says);
    assert.equal(trace(steps)?.verdict, verdict);
  });
}

test("the trace names value and place", () => {
  const [step] = hstsConfiguredProxy.states?.({}, wanted(http(tls(SET, "root /srv;")))) ?? [];
  assert.deepEqual(step, {
    layer: "proxy",
    says: "sets",
    value: "max-age=31536000; includeSubDomains",
    where: "nginx.conf:4",
  });
});
