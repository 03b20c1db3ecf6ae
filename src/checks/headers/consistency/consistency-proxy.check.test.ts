import assert from "node:assert/strict";
import { test } from "node:test";

import { known } from "../../../core/reading.ts";
import { trace } from "../../../core/trace.ts";
import { wholeSite } from "../../live-headers/example-answers.ts";
import { headerWanted } from "../../nginx/example-header-cases.ts";
import { headersConsistencyProxy } from "./consistency-proxy.check.ts";

const FRAME = "add_header X-Frame-Options DENY always;";
const SNIFF = "add_header X-Content-Type-Options nosniff always;";
const PASS = "proxy_pass http://127.0.0.1:8000;";

const cases: readonly [name: string, lines: string, rules: readonly string[]][] = [
  ["each once", `${FRAME} ${SNIFF} root /srv;`, []],
  ["twice, equal", `${FRAME} ${FRAME} root /srv;`, ["sent-twice"]],
  [
    "twice, different",
    `${FRAME} add_header x-frame-options SAMEORIGIN; root /srv;`,
    ["sent-twice"],
  ],
  [
    "two policies are lawful",
    "add_header Content-Security-Policy a; add_header Content-Security-Policy b; root /srv;",
    [],
  ],
  [
    "two equal policies are not",
    "add_header Content-Security-Policy a; add_header Content-Security-Policy a; root /srv;",
    ["sent-twice"],
  ],
  [
    "another value in a location",
    `${FRAME} root /srv; location /a/ { add_header X-Frame-Options SAMEORIGIN; }`,
    [],
  ],
  ["lost in a location", `${FRAME} root /srv; location /a/ { add_header A b; }`, ["lost-below"]],
  [
    "hidden and not set",
    `${FRAME} location / { ${PASS} proxy_hide_header Referrer-Policy; }`,
    ["hidden-and-unset"],
  ],
  ["hidden and set", `${FRAME} location / { ${PASS} proxy_hide_header X-Frame-Options; }`, []],
  ["another field hidden", `${FRAME} location / { ${PASS} proxy_hide_header X-Powered-By; }`, []],
];

for (const [name, lines, rules] of cases) {
  test(`headers.consistency at the proxy: ${name}`, () => {
    const outcome = headersConsistencyProxy.evaluate({}, headerWanted(lines));
    assert.equal(outcome.status, rules.length === 0 ? "pass" : "warn");
    const seen = outcome.status === "warn" ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual(seen, rules);
  });
}

test("without a security header it does not apply", () => {
  const outcome = headersConsistencyProxy.evaluate({}, headerWanted("root /srv;"));
  assert.equal(outcome.status, "skip");
});

const traces: readonly [
  name: string,
  lines: string,
  fields: readonly (readonly [string, string])[],
  verdict: string,
][] = [
  ["arrives", FRAME, [["X-Frame-Options", "DENY"]], "agrees"],
  [
    "arrives beside what the application sends",
    FRAME,
    [
      ["X-Frame-Options", "DENY"],
      ["Referrer-Policy", "no-referrer"],
    ],
    "agrees",
  ],
  ["one of two arrives", `${FRAME} ${SNIFF}`, [["X-Frame-Options", "DENY"]], "contradicted"],
  ["none arrives", FRAME, [], "contradicted"],
  ["lost", `${FRAME} location / { add_header A b; }`, [], "lost"],
];

for (const [name, lines, page, verdict] of traces) {
  test(`headers.consistency: trace of what ${name}`, () => {
    const wanted = { ...headerWanted(`root /srv; ${lines}`), live: known([wholeSite({ page })]) };
    assert.equal(trace(headersConsistencyProxy.states?.({}, wanted) ?? [])?.verdict, verdict);
  });
}
