import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { SecretOccurrences } from "../../../facts/secret-occurrences.fact.ts";
import { envFileOf, envFilesOf, servicesOf } from "../../judgement/example-facts.ts";
import { envSecretUnexpandedConfig } from "./secret-unexpanded-config.check.ts";

function judged(
  unexpanded: Reading<SecretOccurrences["unexpanded"]>,
  env = envFilesOf(envFileOf({})),
) {
  const occurrences: Reading<SecretOccurrences> =
    unexpanded.state === "known"
      ? known({ keys: [], shared: [], leaked: [], unexpanded: unexpanded.value })
      : unexpanded;
  return envSecretUnexpandedConfig.evaluate(
    { env },
    { occurrences, services: known(servicesOf()) },
  );
}

const entry = {
  key: "SESSION_SECRET_KEY",
  file: ".env",
  line: 4,
  reader: "python-dotenv",
  isShellOnly: false,
} as const;
const unreadable = envFileOf({ content: unknown("denied", "permission denied") });

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["none", judged(known([])), "pass"],
  ["no secrets at all", judged(absent("no secrets")), "pass"],
  ["read by a dotenv library", judged(known([entry])), "fail"],
  ["sourced by a shell only", judged(known([{ ...entry, isShellOnly: true }])), "warn"],
  ["a variable that nothing sets", judged(known([{ ...entry, unset: ["NOPE"] }])), "fail"],
  ["env file unreadable", judged(known([]), envFilesOf(unreadable)), "unknown"],
  ["one unreadable, another bad", judged(known([entry]), envFilesOf(unreadable)), "fail"],
  ["occurrences unknown", judged(unknown("timed-out", "10 s")), "unknown"],
  ["no env file", judged(known([]), envFilesOf()), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`env.secret-unexpanded/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("env.secret-unexpanded/config: a failure names key, reader and place, never the value", () => {
  const outcome = judged(known([entry]));
  assert.ok(outcome.status === "fail");
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      file: ".env",
      line: 4,
      excerpt: "SESSION_SECRET_KEY holds a shell expression, read by python-dotenv",
    },
  ]);
  assert.match(
    outcome.findings[0].fix,
    /^Delete line 4 of \.env, then run: printf '%s=%s\\n' SESSION_SECRET_KEY "/,
  );
});

test("env.secret-unexpanded/config: an unset variable is named, it is no expression of a shell", () => {
  const outcome = judged(known([{ ...entry, unset: ["A", "B"] }]));
  assert.ok(outcome.status === "fail");
  assert.equal(outcome.findings[0].rule, "unset-variable");
  assert.equal(
    outcome.findings[0].message,
    "SESSION_SECRET_KEY refers to ${A}, ${B}, which nothing sets, so the secret is not what was meant (.env:4)",
  );
});
