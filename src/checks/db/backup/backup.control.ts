import type { Control } from "../../../core/check.ts";

export const dbBackup: Control = {
  id: "db.backup",
  title: "The database is backed up regularly",
  severity: "high",
  seed: ["S2.68"],
  risk: "What is lost, encrypted by somebody else or deleted by mistake does not come back.",
  rule: "Applies where the environment names a database. Passes when an active timer, cron line or compose service dumps it and the newest file of the backup directory is not empty and at most 26 hours old, or with a valid attestation db.backup, at most 31 days old. Warns at up to 8 days, where every account may read the backup, and where it lies on the file system of the database. Fails when it is older, empty or missing, when the schedule is switched off, and when an attestation has expired or does not hold. Unknown where no location is declared and none was found, and nobody attests it.",
  fix: 'A timer that runs sqlite3 DB ".backup FILE" or pg_dump to another machine; look at the newest backup, then: plimsoll attest db.backup --evidence FILE --expires 31d',
  references: [
    "https://cwe.mitre.org/data/definitions/1053.html",
    "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
  ],
};
