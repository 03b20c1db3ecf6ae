import type { Control } from "../../../core/check.ts";

export const respondContacts: Control = {
  id: "respond.contacts",
  title: "Incident contacts are known",
  severity: "medium",
  seed: ["S2.161", "S2.181"],
  risk: "In the night of the incident nobody knows whom to call, and whoever found the hole tells somebody else.",
  rule: "Applies unless the stage is one of development. Passes with a valid attestation respond.contacts that names two people or more, at most 180 days old, or with a security.txt whose Contact can be reached and is no placeholder. Warns when the security.txt of a live target has none, or the attestation has expired or does not hold. Unknown without either.",
  fix: 'plimsoll attest respond.contacts --expires 180d --set contacts="NAME, NAME"; publish /.well-known/security.txt with a Contact that somebody reads',
  references: [
    "https://csrc.nist.gov/pubs/sp/800/61/r3/final",
    "https://www.rfc-editor.org/rfc/rfc9116",
  ],
};
