import type { Control } from "../../../core/check.ts";

export const respondProcedures: Control = {
  id: "respond.procedures",
  title: "Incident response procedures are written down",
  severity: "medium",
  seed: ["S2.160", "S2.162"],
  risk: "In an incident traces are wiped out and the wrong thing is switched off, because nobody had thought it through.",
  rule: "Applies unless the stage is one of development. Passes with a valid attestation respond.procedures with the document's hash or address, at most 365 days old. Warns when it has expired, does not hold or the document has changed; also without one, once a key is trusted (--attest-key). Unknown without one as long as no key is.",
  fix: "Write down who does what, then: plimsoll attest respond.procedures --evidence FILE --expires 365d",
  references: ["https://csrc.nist.gov/pubs/sp/800/61/r3/final"],
};
