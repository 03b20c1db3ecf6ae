import type { Control } from "../../../core/check.ts";

export const respondRollbackTested: Control = {
  id: "respond.rollback-tested",
  title: "Rollback was tested",
  severity: "medium",
  seed: ["S2.164"],
  risk: "A release that opens a hole stays, because nobody knows whether the one before still starts.",
  rule: "Applies unless the stage is one of development. Passes with a valid attestation respond.rollback-tested that names both releases, at most 180 days old. Warns when it has expired or does not hold; also without one, once a key is trusted (--attest-key). Unknown without one as long as no key is.",
  fix: "Go back one release in staging, then: plimsoll attest respond.rollback-tested --evidence FILE --expires 180d --set from=… --set to=…",
  references: ["https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"],
};
