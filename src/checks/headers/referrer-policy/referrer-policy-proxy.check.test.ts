import assert from "node:assert/strict";
import { test } from "node:test";

import { trace } from "../../../core/trace.ts";
import { headerWanted } from "../../nginx/example-header-cases.ts";
import { headersReferrerPolicyProxy } from "./referrer-policy-proxy.check.ts";

const GOOD = "add_header Referrer-Policy no-referrer always;";
const PASS = "proxy_pass http://127.0.0.1:8000;";
const HIDE = "proxy_hide_header Referrer-Policy;";

const cases: readonly [name: string, lines: string, status: string, says: string][] = [
  ["set", `${GOOD} root /srv;`, "pass", "sets"],
  ["set for an application", `${GOOD} location / { ${PASS} }`, "pass", "sets"],
  ["another value", "add_header Referrer-Policy unsafe-url always; root /srv;", "fail", "sets"],
  [
    "lost on the main route",
    `${GOOD} location / { add_header A b; ${PASS} }`,
    "warn",
    "sets drops",
  ],
  ["lost elsewhere", `${GOOD} root /srv; location /a/ { add_header A b; }`, "pass", "sets"],
  ["files without", "root /srv;", "warn", "passes-on"],
  ["left to the application", `location / { ${PASS} }`, "skip", "passes-on"],
  ["hidden", `location / { ${PASS} ${HIDE} }`, "warn", "drops"],
  ["hidden and set", `location / { ${PASS} ${HIDE} ${GOOD} }`, "pass", "drops sets"],
  ["a script may set it", "header_filter_by_lua_block { x } root /srv;", "skip", "unknown"],
  ["nothing but a redirect", "return 301 https://b.test;", "skip", ""],
];

for (const [name, lines, status, says] of cases) {
  test(`${headersReferrerPolicyProxy.control.id} at the proxy: ${name} is ${status}`, () => {
    const wanted = headerWanted(lines);
    assert.equal(headersReferrerPolicyProxy.evaluate({}, wanted).status, status);
    const steps = headersReferrerPolicyProxy.states?.({}, wanted) ?? [];
    if (name !== "another value") assert.equal(steps.map((step) => step.says).join(" "), says);
  });
}

test("the value is stated as the live layer states it", () => {
  const [step] = headersReferrerPolicyProxy.states?.({}, headerWanted(`${GOOD} root /srv;`)) ?? [];
  assert.equal(step?.value, "no-referrer");
  assert.equal(step?.where, "nginx.conf:2");
});

test("lost before the client, and seen so", () => {
  const lines = `${GOOD} location / { add_header A b; ${PASS} }`;
  const inner = headersReferrerPolicyProxy.states?.({}, headerWanted(lines)) ?? [];
  assert.equal(
    trace([...inner, { layer: "live", says: "drops", where: "https://a.test/" }])?.verdict,
    "lost",
  );
});
