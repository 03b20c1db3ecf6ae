import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, unknown } from "../../../core/reading.ts";
import type { SqliteFile } from "../../../facts/databases.fact.ts";
import { serverOf, sqliteOf } from "../../database-settings/example-databases.ts";
import { envFilesOf, environmentOf, pathAccessOf } from "../../judgement/example-facts.ts";
import { dbDirectoryPermissionsHost } from "./directory-permissions-host.check.ts";

const readings = { envFiles: known(envFilesOf()) };
const judged = (rest: Partial<SqliteFile>) =>
  dbDirectoryPermissionsHost.evaluate(
    { environment: environmentOf({}), databases: [sqliteOf(rest)] },
    readings,
  );
const modes = (directory: number, file: number, end = "") =>
  judged({
    directory: known(pathAccessOf({ mode: directory })),
    files: [
      { path: "/var/lib/app/db.sqlite", access: known(pathAccessOf({})) },
      { path: `/var/lib/app/db.sqlite${end}`, access: known(pathAccessOf({ mode: file })) },
    ],
  });
const denied = unknown("denied", "permission denied");

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["0700 and 0600", modes(0o700, 0o600), "pass"],
  ["0750 and 0640", modes(0o750, 0o640), "pass"],
  ["0755 and 0640", modes(0o755, 0o640), "warn"],
  ["0770 and 0640", modes(0o770, 0o640), "warn"],
  ["0700 and 0644", modes(0o700, 0o644), "warn"],
  ["0755 and 0660", modes(0o755, 0o660), "warn"],
  ["0755 and 0644", modes(0o755, 0o644), "fail"],
  ["0755 and a -wal of 0644", modes(0o755, 0o644, "-wal"), "fail"],
  ["0777 and 0600", modes(0o777, 0o600), "fail"],
  [
    "another owner's",
    judged({ directory: known(pathAccessOf({ mode: 0o700, owner: "eve" })) }),
    "warn",
  ],
  [
    "another group's",
    judged({ directory: known(pathAccessOf({ mode: 0o750, group: "eve" })) }),
    "warn",
  ],
  ["denied", judged({ directory: denied, files: [] }), "unknown"],
  ["a file denied", judged({ files: [{ path: "a", access: denied }] }), "unknown"],
  [
    "a server",
    dbDirectoryPermissionsHost.evaluate(
      { environment: environmentOf({}), databases: [serverOf()] },
      readings,
    ),
    "skip",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`db.directory-permissions/host: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("db.directory-permissions/host: file and directory are quoted with a fix for both", () => {
  const outcome = modes(0o755, 0o644, "-wal");
  assert.ok(outcome.status === "fail");
  const [{ rule, fix, evidence }] = outcome.findings;
  assert.equal(rule, "database-other-access");
  assert.equal(evidence[0].file, "/var/lib/app/db.sqlite-wal");
  assert.equal(
    fix,
    "chown svc: /var/lib/app && chmod 700 /var/lib/app && chmod 600 /var/lib/app/db.sqlite /var/lib/app/db.sqlite-wal",
  );
});
