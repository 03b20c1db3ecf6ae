import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDsn, type SentryDsn } from "./sentry-dsn.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const options = { fingerprintKey: "example", isSet: () => false };

const cases: readonly (readonly [string, Partial<SentryDsn>])[] = [
  [`https://${KEY}@o1.ingest.sentry.test/42`, { isWellFormed: true, isHttps: true, project: "42" }],
  [`https://${KEY}@errors.test/prefix/7`, { isWellFormed: true, project: "7" }],
  [`http://${KEY}@errors.test/7`, { isWellFormed: true, isHttps: false }],
  [`https://${KEY}:${KEY}@errors.test/7`, { isWellFormed: true, hasSecretPart: true }],
  [`https://${KEY}@errors.test/project`, { isWellFormed: false, project: "" }],
  ["https://errors.test/7", { isWellFormed: false }],
  ["https://your-dsn@sentry.io/project", { isPlaceholder: true }],
  ["https://examplePublicKey@o0.ingest.sentry.io/0", { isPlaceholder: true }],
  [`https://${KEY}@o1.ingest.sentry.test/42`, { isPlaceholder: false }],
  ["your-dsn", { isPlaceholder: true, isWellFormed: false }],
  ["", { isEmpty: true, isWellFormed: false }],
  ["not a dsn", { isWellFormed: false }],
];

for (const [text, expected] of cases) {
  test(`DSN ${text}: ${Object.keys(expected).join(", ")}`, () => {
    const dsn = describeDsn(text, options);
    for (const [name, value] of Object.entries(expected))
      assert.equal(dsn[name as keyof SentryDsn], value, name);
    assert.ok(!JSON.stringify(dsn).includes(KEY));
  });
}
