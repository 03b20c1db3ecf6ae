import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import type { SecretOccurrences } from "../../../facts/secret-occurrences.fact.ts";
import { environmentOf, STRONG, servicesOf, UNREADABLE } from "../../judgement/example-facts.ts";
import { envSecretReuseConfig } from "./secret-reuse-config.check.ts";

type Shared = SecretOccurrences["shared"][number];

function judged(keys: readonly string[], shared: readonly Shared[], isHidden = false) {
  const values = Object.fromEntries(keys.map((key) => [key, STRONG]));
  return envSecretReuseConfig.evaluate(
    { occurrences: { keys, shared, leaked: [], unexpanded: [] } },
    {
      environment: known(environmentOf(values, isHidden ? UNREADABLE : {})),
      services: known(servicesOf()),
    },
  );
}

const pair = (a: string, b: string, how: Shared["how"] = "equal"): Shared => ({
  keys: [a, b],
  how,
  fingerprint: "1a2b3c4d",
});
const TWO = ["SESSION_SECRET_KEY", "JWT_SECRET"] as const;

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["two that differ", judged(TWO, []), "pass"],
  ["two with one value", judged(TWO, [pair(...TWO)]), "warn"],
  ["one is a prefix of the other", judged(TWO, [pair(...TWO, "prefix")]), "warn"],
  [
    "the secret key reused for webhooks",
    judged(TWO, [pair("DJANGO_SECRET_KEY", "WEBHOOK_SECRET_CLUSTER")]),
    "warn",
  ],
  [
    "two names of one password",
    judged(["POSTGRES_PASSWORD", "DB_PASSWORD"], [pair("POSTGRES_PASSWORD", "DB_PASSWORD")]),
    "pass",
  ],
  [
    "a password that is also the session key",
    judged(TWO, [pair("DB_PASSWORD", "JWT_SECRET")]),
    "warn",
  ],
  ["one secret", judged(["JWT_SECRET"], []), "skip"],
  ["env file unreadable", judged(TWO, [], true), "unknown"],
  ["env file unreadable, others coincide", judged(TWO, [pair(...TWO)], true), "warn"],
];

for (const [name, outcome, status] of cases) {
  test(`env.secret-reuse/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("env.secret-reuse/config: a warning names both keys with their places and the fingerprint", () => {
  const outcome = judged(TWO, [pair(...TWO)]);
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    "SESSION_SECRET_KEY and JWT_SECRET have the same value (fp:1a2b3c4d)",
  );
  assert.deepEqual(
    finding.evidence.map(({ file, line, excerpt }) => [file, line, excerpt]),
    [
      [
        ".env",
        1,
        "SESSION_SECRET_KEY=set, 86 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)",
      ],
      [".env", 2, "JWT_SECRET=set, 86 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)"],
    ],
  );
});
