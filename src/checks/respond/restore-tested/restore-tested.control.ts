import type { Control } from "../../../core/check.ts";

export const respondRestoreTested: Control = {
  id: "respond.restore-tested",
  title: "Backup and restore were tested",
  severity: "high",
  seed: ["S2.163"],
  risk: "The backup turns out to be empty, unreadable or without its key on the day it is needed.",
  rule: "Applies where a database is used. Passes with a valid attestation respond.restore-tested that names the artefact, the rows or bytes that came back and how long it took, at most 90 days old. Warns from 91 to 180 days and when a particular is missing. Fails past 180 days and when it does not hold; also without one, once a key is trusted (--attest-key). Unknown without one as long as no key is.",
  fix: "Restore the newest backup beside the live database and count its rows, then: plimsoll attest respond.restore-tested --evidence FILE --expires 180d --set artefact=… --set size=… --set duration=…",
  references: ["https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"],
};
