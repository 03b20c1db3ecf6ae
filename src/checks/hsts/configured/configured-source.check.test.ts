import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { hstsConfiguredSource } from "./configured-source.check.ts";

const PROPERTY = "header.strict-transport-security";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["set", "max-age=1", "pass"],
  ["none", null, "fail", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`hsts.configured in source: ${name} is ${status}`, () => {
    const outcome = hstsConfiguredSource.evaluate({}, sourceWanted([sourceRow(PROPERTY, value)]));
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("hsts.configured in source: the evidence is the place in source", () => {
  const outcome = hstsConfiguredSource.evaluate({}, sourceWanted([sourceRow(PROPERTY, null)]));
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].evidence[0].file, "web/security.py");
});

const tls = (...lines: readonly string[]) =>
  `http {\nserver {\nlisten 443 ssl; server_name a.test; ssl_certificate a; ssl_certificate_key b;\n${lines.join("\n")}\n} }`;
const PASS = "proxy_pass http://127.0.0.1:8000;";
const SET = 'add_header Strict-Transport-Security "max-age=1" always;';
const HIDE = "proxy_hide_header Strict-Transport-Security;";

/** Beside nginx: what the source layer comes to. */
const PROXIED: readonly [name: string, value: string | null, nginx: string, status: string][] = [
  ["passed on", "max-age=1", tls(`location / { ${PASS} }`), "pass"],
  ["none, passed on", null, tls(`location / { ${PASS} }`), "fail"],
  ["none, set by nginx", null, tls(SET, `location / { ${PASS} }`), "skip"],
  ["the same twice", "max-age=1", tls(SET, `location / { ${PASS} }`), "pass"],
  ["different ones", "max-age=2", tls(SET, `location / { ${PASS} }`), "warn"],
  [
    "a different one that is replaced",
    "max-age=2",
    tls(SET, `location / { ${PASS} ${HIDE} }`),
    "skip",
  ],
  ["plain HTTP only", null, `http { server { listen 80; location / { ${PASS} } } }`, "skip"],
];

for (const [name, value, nginx, status] of PROXIED) {
  test(`hsts.configured in source behind nginx: ${name} is ${status}`, () => {
    const wanted = sourceWanted([sourceRow(PROPERTY, value)], nginx);
    assert.equal(hstsConfiguredSource.evaluate({}, wanted).status, status);
  });
}

const OFF = { condition: "HTTPS_ON", isOff: true } as const;
const CONDITIONS: readonly [name: string, more: Parameters<typeof sourceRow>[2], status: string][] =
  [
    ["of one path", { condition: 'request.url.path == "…"' }, "warn"],
    ["that does not hold", OFF, "warn"],
    ["of TLS", { condition: "request.is_secure()" }, "pass"],
    ["unknown value", { resolved: { state: "unknown", reason: "made at run time" } }, "unknown"],
  ];

for (const [name, more, status] of CONDITIONS) {
  test(`hsts.configured in source: a condition ${name} is ${status}`, () => {
    const wanted = sourceWanted([sourceRow(PROPERTY, "max-age=1", more)]);
    assert.equal(hstsConfiguredSource.evaluate({}, wanted).status, status);
  });
}

test("hsts.configured in source: no reader, no say", () => {
  assert.equal(hstsConfiguredSource.evaluate({}, sourceWanted([])).status, "skip");
});
