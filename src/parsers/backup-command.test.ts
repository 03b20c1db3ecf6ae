import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKUP_TEXT_MAX, readBackupCommand } from "./backup-command.ts";

const cases: readonly (readonly [text: string, expected: string])[] = [
  ["pg_dump shop > /var/backups/shop/$(date +%F).sql", "pg_dump /var/backups/shop"],
  ["pg_dump shop | gzip > /srv/b/shop.sql.gz 2>/dev/null", "pg_dump /srv/b"],
  ["/usr/bin/pg_dump -Fc -f /srv/b/shop.dump shop", "pg_dump /srv/b"],
  ["pg_dumpall --file=/srv/b/all.sql", "pg_dumpall /srv/b"],
  ["mysqldump --result-file=/srv/b/a.sql shop", "mysqldump /srv/b"],
  [`sqlite3 /srv/db.sqlite3 ".backup '/srv/b/db.bak'"`, "sqlite3 .backup /srv/b"],
  [`sqlite3 /srv/db "VACUUM INTO '/srv/b/db'"`, "sqlite3 .backup /srv/b"],
  ["DIR=/srv/b\npg_dump a > $DIR/a.sql", "pg_dump /srv/b"],
  ["DIR=/srv/b\nOUT=${DIR}/$(date +%F)/a.sql\npg_dump a >${OUT}", "pg_dump /srv/b"],
  ["pg_dump a > ${BACKUPS:-/srv/b}/a.sql", "pg_dump /srv/b"],
  ["pg_dump a > $NOWHERE/a.sql", "pg_dump"],
  ["pg_dump \\\n  -f /srv/b/a.sql a", "pg_dump /srv/b"],
  ["pg_dump a > a.sql", "pg_dump"],
  ["pg_dump a >> /srv/b/a.sql", "pg_dump"],
  ["restic -r s3:x backup /srv", "restic"],
  ["restic snapshots", "nothing"],
  ["wal-g backup-push /var/lib/postgresql", "wal-g"],
  ["borg list", "nothing"],
  ["# pg_dump a > /srv/b/a.sql", "nothing"],
  ["tar cf /srv/b/a.tar /srv/app", "nothing"],
  ["./my_pg_dump_report", "nothing"],
  [`${"x".repeat(BACKUP_TEXT_MAX - 8)}\npg_dump`, "pg_dump"],
  [`${"x".repeat(BACKUP_TEXT_MAX - 7)}\npg_dump`, "nothing"],
];

for (const [text, expected] of cases) {
  test(`backup command: ${JSON.stringify(text.slice(0, 60))} is ${expected}`, () => {
    const read = readBackupCommand(text);
    const shown = read === undefined ? "nothing" : [read.tool, ...read.directories].join(" ");
    assert.equal(shown, expected);
  });
}
