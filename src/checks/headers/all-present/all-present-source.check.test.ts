import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersAllPresentSource } from "./all-present-source.check.ts";

const GOOD = {
  "header.content-security-policy":
    "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
  "header.x-frame-options": "DENY",
  "header.x-content-type-options": "nosniff",
  "header.referrer-policy": "no-referrer",
  "header.strict-transport-security": "max-age=31536000; includeSubDomains",
} as const;
type Property = keyof typeof GOOD;

/** Five good fields, those of `changes` otherwise. */
function rows(changes: Partial<Record<Property, SourceSetting>> = {}): readonly SourceSetting[] {
  return (Object.keys(GOOD) as Property[]).map(
    (property) => changes[property] ?? sourceRow(property, GOOD[property]),
  );
}

const none = (property: Property) => ({ [property]: sourceRow(property, null) });
const UNKNOWN = { state: "unknown", reason: "it is computed" } as const;
const nginx = (directives: string, tls = "listen 443 ssl;") =>
  `http { server { ${tls} server_name a.test; ${directives} location / { proxy_pass http://127.0.0.1:8000; } } }`;

type Case = readonly [
  name: string,
  settings: readonly SourceSetting[],
  proxy: string | undefined,
  expected: string,
];
const cases: readonly Case[] = [
  ["all five", rows(), undefined, "pass"],
  [
    "no nosniff",
    rows(none("header.x-content-type-options")),
    undefined,
    "fail x-content-type-options",
  ],
  ["no referrer policy", rows(none("header.referrer-policy")), undefined, "fail referrer-policy"],
  [
    "frame-ancestors in place of X-Frame-Options",
    rows(none("header.x-frame-options")),
    undefined,
    "pass",
  ],
  [
    "no nosniff in source, set by nginx",
    rows(none("header.x-content-type-options")),
    nginx("add_header X-Content-Type-Options nosniff always;"),
    "pass",
  ],
  [
    "hidden by nginx",
    rows(),
    nginx("proxy_hide_header X-Content-Type-Options;"),
    "fail x-content-type-options",
  ],
  [
    "no HSTS where the proxy speaks no TLS",
    rows(none("header.strict-transport-security")),
    nginx("", "listen 80;"),
    "pass",
  ],
  [
    "under a condition",
    rows({
      "header.referrer-policy": sourceRow("header.referrer-policy", "no-referrer", {
        condition: "settings.STRICT",
      }),
    }),
    undefined,
    "warn referrer-policy",
  ],
  [
    "a policy that is not known",
    rows({
      "header.content-security-policy": sourceRow("header.content-security-policy", "x", {
        resolved: UNKNOWN,
      }),
      ...none("header.x-frame-options"),
    }),
    undefined,
    "unknown",
  ],
  ["nothing read", [], undefined, "skip"],
];
for (const [name, settings, proxy, expected] of cases) {
  test(`headers.all-present/source: ${name} is ${expected}`, () => {
    const outcome = headersAllPresentSource.evaluate({}, sourceWanted(settings, proxy));
    const subject = "findings" in outcome ? ` ${outcome.findings[0].subject}` : "";
    assert.equal(`${outcome.status}${subject}`, expected, JSON.stringify(outcome));
  });
}

test("headers.all-present/source: the evidence is the place in source", () => {
  const outcome = headersAllPresentSource.evaluate(
    {},
    sourceWanted(rows(none("header.referrer-policy"))),
  );
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].evidence[0].file, "web/security.py");
});
