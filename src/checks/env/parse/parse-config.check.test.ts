import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { EnvFile, EnvFileAnomaly } from "../../../facts/env-files.fact.ts";
import { envFileOf, envFilesOf } from "../../judgement/example-facts.ts";
import { envParseConfig } from "./parse-config.check.ts";

const KINDS: readonly EnvFileAnomaly["kind"][] = [
  "duplicate-key",
  "crlf",
  "byte-order-mark",
  "unbalanced-quote",
  "export-under-systemd",
  "inline-comment-kept",
  "dollar-expanded",
  "blanks-around-equals",
  "readers-disagree",
  "lower-case-twin",
  "unparsable-line",
  "nul-byte",
  "invalid-utf8",
];

function withAnomalies(...anomalies: readonly EnvFileAnomaly[]): EnvFile {
  return envFileOf({ content: known({ keys: [], anomalies }) });
}

function judged(...files: readonly EnvFile[]) {
  return envParseConfig.evaluate({ env: envFilesOf(...files) }, {});
}

const anomaly = (kind: EnvFileAnomaly["kind"], line = 3): EnvFileAnomaly => ({
  kind,
  line,
  key: "DJANGO_DEBUG",
  detail: "readers take it differently",
});
const unreadable = envFileOf({ content: unknown("denied", "permission denied") });

const cases: readonly (readonly [string, readonly EnvFile[], Status])[] = [
  ["clean", [envFileOf({})], "pass"],
  ...KINDS.map((kind) => [kind, [withAnomalies(anomaly(kind))], "warn"] as const),
  ["second file", [envFileOf({}), withAnomalies(anomaly("crlf"))], "warn"],
  ["unreadable", [unreadable], "unknown"],
  ["gone", [envFileOf({ content: absent("gone") })], "unknown"],
  ["one unreadable, one bad", [unreadable, withAnomalies(anomaly("crlf"))], "warn"],
  ["none in use", [], "skip"],
];

for (const [name, files, status] of cases) {
  test(`env.parse/config: ${name} is ${status}`, () => {
    assert.equal(judged(...files).status, status);
  });
}

test("env.parse/config: a kind is one finding that quotes its lines, at most ten", () => {
  const lines = Array.from({ length: 25 }, (_, at) => anomaly("crlf", at + 1));
  const outcome = judged(withAnomalies(...lines, anomaly("duplicate-key", 30)));
  assert.ok(outcome.status === "warn");
  const [crlf, duplicate, ...rest] = outcome.findings;
  assert.equal(rest.length, 0);
  assert.equal(
    crlf.message,
    ".env:1, DJANGO_DEBUG: readers take it differently (and on 24 more lines)",
  );
  assert.equal(crlf.evidence.length, 10);
  assert.equal(crlf.fix, "Run: dos2unix .env");
  assert.deepEqual(duplicate?.evidence, [
    { file: ".env", line: 30, excerpt: "DJANGO_DEBUG: readers take it differently" },
  ]);
});

const FIXES: readonly (readonly [EnvFileAnomaly["kind"], string])[] = [
  ["blanks-around-equals", "Remove the blanks around = on line 3 of .env"],
  [
    "dollar-expanded",
    "Put the value meant for DJANGO_DEBUG, written out, on line 3 of .env in single quotes",
  ],
  ["unbalanced-quote", "Put the value of DJANGO_DEBUG on line 3 of .env in single quotes"],
];
for (const [kind, fix] of FIXES) {
  test(`env.parse/config: the fix of ${kind}`, () => {
    const outcome = judged(withAnomalies(anomaly(kind)));
    assert.ok(outcome.status === "warn");
    assert.equal(outcome.findings[0].fix, fix);
  });
}
