import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyForwardedHeadersSource } from "./forwarded-headers-source.check.ts";

const PASS = "proxy_pass http://127.0.0.1:8000;";
const PROTO = "proxy_set_header X-Forwarded-Proto $scheme;";
const HOST = "proxy_set_header Host $host;";
const believed = (value: unknown, rest: Partial<SourceSetting> = {}) => [
  { ...rowOf("proxy.ssl-header", value, rest), slug: "django.proxy_ssl_header" },
];
const SET = believed(["HTTP_X_FORWARDED_PROTO", "https"]);
const server = (lines: string) => `http { server { listen 80; server_name a.test; ${lines} } }`;

const CASES: readonly [
  name: string,
  rows: readonly SourceSetting[],
  nginx: string,
  status: string,
][] = [
  ["set on the route", SET, server(`location / { ${PASS} ${PROTO} }`), "pass"],
  ["set around it", SET, server(`${PROTO} location / { ${PASS} }`), "pass"],
  [
    "in a branch that is not taken",
    SET.map(({ property: _, ...row }) => row),
    server(`location / { ${PASS} }`),
    "skip",
  ],
  ["not set", SET, server(`location / { ${PASS} }`), "warn"],
  ["lost by another field", SET, server(`${PROTO} location / { ${PASS} ${HOST} }`), "warn"],
  [
    "on one route of two",
    SET,
    server(
      `location / { ${PASS} ${PROTO} } location /api/ { ${PASS} proxy_set_header X-Scheme $scheme; }`,
    ),
    "warn",
  ],
  [
    "another field is believed",
    believed(["HTTP_X_SCHEME", "https"]),
    server(`location / { ${PASS} ${PROTO} }`),
    "warn",
  ],
  [
    "taken away",
    SET,
    server(`location / { ${PASS} proxy_set_header X-Forwarded-Proto ""; }`),
    "pass",
  ],
  ["nothing is believed", [], server(`location / { ${PASS} }`), "skip"],
  [
    "the default",
    believed(null, { kind: "absent", line: null }),
    server(`location / { ${PASS} }`),
    "skip",
  ],
  ["switched off", believed(null), server(`location / { ${PASS} }`), "skip"],
  ["no route", SET, server("root /srv;"), "skip"],
  ["not known", believed(null, { resolved: UNKNOWN }), server(`location / { ${PASS} }`), "unknown"],
];

for (const [name, rows, nginx, status] of CASES) {
  test(`SECURE_PROXY_SSL_HEADER: ${name} is ${status}`, () => {
    const source = known(sourceOf(...rows));
    const outcome = proxyForwardedHeadersSource.evaluate({}, { ...nginxWanted(nginx), source });
    assert.equal(outcome.status, status);
  });
}

test("SECURE_PROXY_SSL_HEADER: every open route is told, with its place and the setting's", () => {
  const nginx = server(`location / { ${PASS} } location /api/ { ${PASS} }`);
  const outcome = proxyForwardedHeadersSource.evaluate(
    {},
    { ...nginxWanted(nginx), source: known(sourceOf(...SET)) },
  );
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings.map(({ rule, subject }) => `${rule} ${subject}`),
    ["ssl-header-passed /", "ssl-header-passed /api/"],
  );
  assert.deepEqual(
    outcome.findings[0].evidence.map(({ file }) => file),
    ["nginx.conf", "nginx.conf", "app.py"],
  );
});

test("SECURE_PROXY_SSL_HEADER: no source, and source that could not be read", () => {
  const wanted = nginxWanted(server(`location / { ${PASS} }`));
  const judged = (source: Parameters<typeof proxyForwardedHeadersSource.evaluate>[1]["source"]) =>
    proxyForwardedHeadersSource.evaluate({}, { ...wanted, source }).status;
  assert.equal(judged(absent("no source")), "skip");
  assert.equal(judged(unknown("denied", "may not look")), "unknown");
});
