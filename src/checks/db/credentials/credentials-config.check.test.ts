import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import type { Database } from "../../../facts/databases.fact.ts";
import { serverOf, sqliteOf } from "../../database-settings/example-databases.ts";
import { environmentOf, STRONG, servicesOf } from "../../judgement/example-facts.ts";
import { dbCredentialsConfig } from "./credentials-config.check.ts";

const judged = (database: Database) =>
  dbCredentialsConfig.evaluate(
    { environment: environmentOf({ DATABASE_URL: STRONG }), databases: [database] },
    { services: known(servicesOf()) },
  );
const remote = (tlsMode: string | undefined) =>
  judged(serverOf({ host: "db.test", isLocal: false, shown: "postgresql://db.test/app", tlsMode }));
const without = (rest: Partial<Database>) => {
  const { password: _, ...database } = serverOf(rest);
  return judged(database);
};

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["strong and local", judged(serverOf()), "pass"],
  ["12 characters", judged(serverOf({ password: { ...STRONG, length: 12 } })), "pass"],
  ["11 characters", judged(serverOf({ password: { ...STRONG, length: 11 } })), "warn"],
  ["a listed pair", judged(serverOf({ isListedPair: true })), "fail"],
  ["a placeholder", judged(serverOf({ password: { ...STRONG, isPlaceholder: true } })), "fail"],
  ["no password", without({}), "fail"],
  ["no password over a socket", without({ isSocket: true }), "pass"],
  ["a password that is kept elsewhere", without({ isPasswordElsewhere: true }), "unknown"],
  ["remote, verified", remote("verify-full"), "pass"],
  ["remote, authority verified", remote("verify-ca"), "pass"],
  ["remote, encrypted only", remote("require"), "warn"],
  ["remote, no word", remote(undefined), "warn"],
  [
    "a service of compose",
    judged(serverOf({ host: "db", isLocal: false, isComposeService: true })),
    "pass",
  ],
  ["SQLite", judged(sqliteOf()), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`db.credentials/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("db.credentials/config: the finding shows measures and place, no password", () => {
  const outcome = remote("require");
  assert.ok(outcome.status === "warn");
  const [{ rule, fix, evidence }] = outcome.findings;
  assert.equal(rule, "database-tls-unverified");
  assert.match(fix, /postgresql:\/\/USER:PASSWORD@db\.test\/app\?sslmode=verify-full in \.env/);
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:7");
  assert.equal(
    evidence[0].excerpt,
    "DATABASE_URL: postgresql://db.test/app, user given, password set, 86 chars, fp:1a2b3c4d, sslmode require",
  );
});
