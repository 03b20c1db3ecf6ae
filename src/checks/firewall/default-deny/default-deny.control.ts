import type { Control } from "../../../core/check.ts";

export const firewallDefaultDeny: Control = {
  id: "firewall.default-deny",
  title: "Incoming connections are denied unless a rule lets them in",
  severity: "critical",
  seed: ["S2.145", "S2.146", "S2.148"],
  risk: "A service that somebody starts tomorrow is reachable from everywhere without anybody having decided so.",
  rule: "Applies where the machine is looked at. Passes with a valid attestation firewall.default-deny of a firewall outside of the machine, at most 90 days old. Fails when it has expired or does not hold. Unknown without one.",
  fix: "ufw default deny incoming; for a cloud security group: plimsoll attest firewall.default-deny --evidence FILE --expires 90d",
  references: [
    "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    "https://www.cisecurity.org/benchmark/debian_linux",
  ],
};
