import type { Control } from "../../../core/check.ts";

export const dbBackup: Control = {
  id: "db.backup",
  title: "The database is backed up regularly",
  severity: "high",
  seed: ["S2.68"],
  risk: "What is lost, encrypted by somebody else or deleted by mistake does not come back.",
  rule: "Applies where the environment names a database. Passes with a valid attestation db.backup, at most 31 days old. Fails when it has expired or does not hold. Unknown without one.",
  fix: 'A timer that runs sqlite3 DB ".backup FILE" or pg_dump to another machine; look at the newest backup, then: plimsoll attest db.backup --evidence FILE --expires 31d',
  references: [
    "https://cwe.mitre.org/data/definitions/1053.html",
    "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
  ],
};
