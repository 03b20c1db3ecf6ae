import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import type { Database } from "../../../facts/databases.fact.ts";
import { serverOf, sqliteOf } from "../../database-settings/example-databases.ts";
import { environmentOf, servicesOf, UNREADABLE } from "../../judgement/example-facts.ts";
import { dbLocationConfig } from "./location-config.check.ts";

const readings = { services: known(servicesOf()) };
const judged = (...databases: readonly Database[]) =>
  dbLocationConfig.evaluate(
    { environment: environmentOf({ AGENTOS_DB_PATH: "x" }), databases },
    readings,
  );
const inMemory = () => {
  const { sqlite: _, ...database } = sqliteOf();
  return database;
};

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a server", judged(serverOf()), "pass"],
  ["absolute and outside", judged(sqliteOf()), "pass"],
  [
    "relative",
    judged(sqliteOf({ path: "./app.sqlite", isRelative: true, isInTree: true })),
    "warn",
  ],
  [
    "absolute in the deployment",
    judged(sqliteOf({ path: "/srv/app/a.sqlite", isInTree: true })),
    "warn",
  ],
  ["temporary", judged(sqliteOf({ path: "/tmp/app.sqlite" })), "warn"],
  ["in the container's layer", judged(sqliteOf({ isInContainerLayer: true })), "warn"],
  ["in memory", judged(inMemory()), "warn"],
  ["under a web root", judged(sqliteOf({ path: "/var/www/html/app.sqlite" })), "fail"],
  [
    "relative under a web root",
    judged(sqliteOf({ path: "static/app.sqlite", isRelative: true })),
    "fail",
  ],
  ["none named", judged(), "skip"],
  [
    "none named, env file unreadable",
    dbLocationConfig.evaluate(
      { environment: environmentOf({}, UNREADABLE), databases: [] },
      readings,
    ),
    "unknown",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`db.location/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("db.location/config: a finding names the key's place and a path", () => {
  const outcome = judged(sqliteOf({ path: "data/a.sqlite", isRelative: true }));
  assert.ok(outcome.status === "warn");
  const [{ rule, fix, evidence }] = outcome.findings;
  assert.equal(rule, "database-relative");
  assert.equal(
    fix,
    "Set AGENTOS_DB_PATH=/var/lib/app/production.sqlite in .env (line 1), then run: systemctl restart monitor",
  );
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:7");
});
