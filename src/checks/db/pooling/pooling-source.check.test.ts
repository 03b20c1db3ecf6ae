import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, unknown } from "../../../core/reading.ts";
import type { Database } from "../../../facts/databases.fact.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { serverOf, sqliteOf } from "../../database-settings/example-databases.ts";
import { environmentOf } from "../../judgement/example-facts.ts";
import { rowOf, sourceOf } from "../../sentry-settings/example-sentry.ts";
import { dbPoolingSource } from "./pooling-source.check.ts";

const environment = environmentOf({});
const judged = (database: Database, ...rows: readonly SourceSetting[]) =>
  dbPoolingSource.evaluate(
    { environment, databases: [database] },
    { source: known(sourceOf(...rows)) },
  );
const row = (subject: string, value: unknown) =>
  rowOf("db.pooling", "db.pooling", value, { subject });

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["pool_size", judged(serverOf(), row("pool_size", 10)), "pass"],
  ["a pool that is made", judged(serverOf(), row("psycopg_pool.ConnectionPool", true)), "pass"],
  ["CONN_MAX_AGE=60", judged(serverOf(), row("CONN_MAX_AGE", 60)), "pass"],
  ["CONN_MAX_AGE=None", judged(serverOf(), row("CONN_MAX_AGE", null)), "pass"],
  ["CONN_MAX_AGE=0", judged(serverOf(), row("CONN_MAX_AGE", 0)), "warn"],
  ["pgbouncer's port", judged(serverOf({ port: "6432" })), "pass"],
  ["none", judged(serverOf()), "warn"],
  ["only known at run time", judged(serverOf(), row("pool_size", undefined)), "unknown"],
  ["SQLite", judged(sqliteOf(), row("pool_size", 10)), "skip"],
  [
    "source not read",
    dbPoolingSource.evaluate(
      { environment, databases: [serverOf()] },
      { source: unknown("denied", "permission denied") },
    ),
    "unknown",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`db.pooling/source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("db.pooling/source: database and setting are quoted", () => {
  const outcome = judged(serverOf(), row("CONN_MAX_AGE", 0));
  assert.ok(outcome.status === "warn");
  const [{ evidence }] = outcome.findings;
  assert.deepEqual(
    evidence.map(({ file, line }) => `${file}:${line}`),
    [".env:7", "web/sentry.py:3"],
  );
});

test("db.pooling/source: without source of an application nothing can be told", () => {
  const source = known({ ...sourceOf(), read: [] });
  const outcome = dbPoolingSource.evaluate({ environment, databases: [serverOf()] }, { source });
  assert.equal(outcome.status, "unknown");
});
