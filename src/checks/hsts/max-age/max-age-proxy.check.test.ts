import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { hstsMaxAgeProxy, hstsShortMaxAge } from "./max-age-proxy.check.ts";

/** The header stands on line 2. */
function tls(header: string, outside = ""): string {
  return `${outside}server { listen 443 ssl; server_name a.test www.a.test; root /srv;\n${header} }`;
}

function sts(value: string): string {
  return tls(`add_header Strict-Transport-Security ${value} always;`);
}

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["a year", sts("max-age=31536000"), []],
  ["one second less", sts("max-age=31535999"), ["hsts-short-max-age:2 warn"]],
  ["half a year", sts("max-age=15768000"), ["hsts-short-max-age:2 warn"]],
  ["less than half a year", sts("max-age=15767999"), ["hsts-short-max-age:2 fail"]],
  [
    "two years, oddly written",
    tls("add_header strict-transport-security 'max-age=63072000;includeSubDomains;preload';"),
    [],
  ],
  ["quoted", sts("'max-age=\"31536000\"'"), []],
  ["zero", sts("max-age=0"), ["hsts-short-max-age:2 fail"]],
  ["no number", sts("max-age=1y"), ["hsts-short-max-age:2 fail"]],
  ["no max-age", sts("includeSubDomains"), ["hsts-short-max-age:2 fail"]],
  ["twice", sts('"max-age=31536000; max-age=1"'), ["hsts-short-max-age:2 fail"]],
  ["on plain HTTP", "server { listen 80; add_header Strict-Transport-Security max-age=1; }", []],
  [
    "replaced where it would count",
    `${tls("add_header Strict-Transport-Security max-age=1; location / { add_header Strict-Transport-Security max-age=31536000; }")}`,
    [],
  ],
  [
    "by a map of the scheme",
    tls(
      "add_header Strict-Transport-Security $h;",
      "map $scheme $h { http max-age=1; https max-age=31536000; } ",
    ),
    [],
  ],
  [
    "by a map of the scheme, short",
    tls(
      "add_header Strict-Transport-Security $h;",
      "map $scheme $h { http max-age=31536000; https max-age=300; } ",
    ),
    ["hsts-short-max-age:2 fail"],
  ],
  [
    "by a map of names, short for another site",
    tls(
      "add_header Strict-Transport-Security $h;",
      "map $host $h { default max-age=31536000; staging.test max-age=300; } ",
    ),
    [],
  ],
  [
    "by a map of names, short for one of its own",
    tls(
      "add_header Strict-Transport-Security $h;",
      "map $host $h { default max-age=31536000; www.a.test max-age=300; } ",
    ),
    ["hsts-short-max-age:2 fail"],
  ],
  ["by a variable nobody knows", tls("add_header Strict-Transport-Security $http_x;"), []],
  [
    "more_set_headers",
    tls("more_set_headers 'Strict-Transport-Security: max-age=60';"),
    ["hsts-short-max-age:2 fail"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`hsts-short-max-age: ${name}`, () =>
    assert.deepEqual(found([hstsShortMaxAge], text), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [sts("max-age=31536000"), "pass"],
  [sts("max-age=60"), "fail"],
  [tls(""), "skip"],
];

for (const [text, status] of statuses) {
  test(`hsts.max-age at the proxy is ${status}`, () => {
    assert.equal(hstsMaxAgeProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}

test("the change keeps what else the value says", () => {
  const outcome = hstsMaxAgeProxy.evaluate({}, nginxWanted(sts('"max-age=60; includeSubDomains"')));
  assert.ok(outcome.status === "fail");
  assert.equal(
    outcome.findings[0].edits?.[0].text,
    'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;',
  );
});

test("the trace has the seconds", () => {
  const [step] = hstsMaxAgeProxy.states?.({}, nginxWanted(sts("max-age=31536000"))) ?? [];
  assert.deepEqual(step, {
    layer: "proxy",
    says: "sets",
    value: "31536000",
    where: "nginx.conf:2",
  });
});
