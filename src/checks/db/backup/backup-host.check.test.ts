import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { BackupJob } from "../../../facts/backup-jobs.ts";
import type { BackupFile, BackupPlace } from "../../../facts/backups.fact.ts";
import { dbBackupHost } from "./backup-host.check.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function jobOf(isActive: boolean | undefined): BackupJob {
  const file = "/etc/systemd/system/shop-backup.timer";
  const made = { tool: "pg_dump", directories: ["/var/backups/shop"] };
  return { kind: "timer", name: "shop-backup.timer", file, ...made, isActive };
}

function placeOf(newest: Reading<BackupFile>, changes: Partial<BackupPlace> = {}): BackupPlace {
  return { path: "/var/backups/shop", from: "BACKUP_DIR", newest, ...changes };
}

function fileOf(ageMs: number, changes: Partial<BackupFile> = {}): Reading<BackupFile> {
  const path = "/var/backups/shop/a.sql";
  return known({ path, sizeBytes: 9, modifiedMs: NOW - ageMs, mode: 0o600, ...changes });
}

function judged(jobs: readonly BackupJob[], places: readonly BackupPlace[], isUsed = true) {
  const environment = known({ variables: {}, unreadable: [], isProcessSeen: false });
  const databases = isUsed ? unknown("not-recorded", "x") : known([]);
  return dbBackupHost.evaluate(
    { backups: { jobs, places }, clock: { nowMs: NOW } },
    { environment, databases },
  );
}

const ON = [jobOf(true)];
const DENIED = placeOf(unknown("denied", "x"));
const EMPTY = placeOf(absent("it holds no backup"));
const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["new, by an active timer", judged(ON, [placeOf(fileOf(HOUR))]), "pass"],
  ["26 h old", judged(ON, [placeOf(fileOf(26 * HOUR))]), "pass"],
  ["older by a second", judged(ON, [placeOf(fileOf(26 * HOUR + 1_000))]), "warn backup-old"],
  ["8 days old", judged(ON, [placeOf(fileOf(8 * DAY))]), "warn backup-old"],
  ["more than 8 days old", judged(ON, [placeOf(fileOf(8 * DAY + 1_000))]), "fail backup-old"],
  ["empty file", judged(ON, [placeOf(fileOf(HOUR, { sizeBytes: 0 }))]), "fail backup-empty"],
  ["a byte", judged(ON, [placeOf(fileOf(HOUR, { sizeBytes: 1 }))]), "pass"],
  [
    "world-readable",
    judged(ON, [placeOf(fileOf(HOUR, { mode: 0o644 }))]),
    "warn backup-world-readable",
  ],
  ["group-readable", judged(ON, [placeOf(fileOf(HOUR, { mode: 0o640 }))]), "pass"],
  [
    "beside the database",
    judged(ON, [placeOf(fileOf(HOUR), { isOnDatabaseDevice: true })]),
    "warn backup-beside-database",
  ],
  ["on another device", judged(ON, [placeOf(fileOf(HOUR), { isOnDatabaseDevice: false })]), "pass"],
  ["the newest of two decides", judged(ON, [placeOf(fileOf(9 * DAY)), placeOf(fileOf(0))]), "pass"],
  ["switched off", judged([jobOf(false)], []), "fail schedule-disabled"],
  [
    "switched off, new all the same",
    judged([jobOf(false)], [placeOf(fileOf(HOUR))]),
    "fail schedule-disabled",
  ],
  ["one of two is on", judged([jobOf(false), jobOf(true)], [placeOf(fileOf(0))]), "pass"],
  ["not known whether on", judged([jobOf(undefined)], [placeOf(fileOf(0))]), "unknown"],
  ["new, made by nobody known", judged([], [placeOf(fileOf(0))]), "unknown"],
  ["old, made by nobody known", judged([], [placeOf(fileOf(9 * DAY))]), "fail backup-old"],
  ["dated in the future", judged(ON, [placeOf(fileOf(-2 * HOUR))]), "unknown"],
  ["no backup", judged(ON, [EMPTY]), "fail no-backup"],
  ["no backup in one, the other unread", judged(ON, [EMPTY, DENIED]), "unknown"],
  ["not read", judged(ON, [DENIED]), "unknown"],
  ["a timer without a place", judged(ON, []), "unknown"],
  ["nothing", judged([], []), "unknown"],
  ["no database", judged(ON, [placeOf(fileOf(9 * DAY))], false), "skip"],
];

for (const [name, outcome, expected] of cases) {
  test(`db.backup/host: ${name} is ${expected}`, () => {
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}

test("db.backup/host: path, age, size and timer are said", () => {
  const outcome = judged(ON, [placeOf(fileOf(5 * HOUR))]);
  assert.ok(outcome.status === "pass");
  assert.equal(outcome.summary, "/var/backups/shop/a.sql is 5 h old, made by shop-backup.timer");
  assert.deepEqual(
    outcome.evidence.map(({ excerpt }) => excerpt),
    ["9 bytes, written 2026-11-28T07:00:00.000Z, mode 0600", "timer: pg_dump"],
  );
});
