import type { Control } from "../../../core/check.ts";

export const firewallEnabled: Control = {
  id: "firewall.enabled",
  title: "A firewall is on",
  severity: "critical",
  seed: ["S2.143", "S2.147", "S2.148", "S2.176"],
  risk: "Whatever listens on this machine, now or after the next update, is open to everybody.",
  rule: "Applies where the machine is looked at. Passes with a valid attestation firewall.enabled of a firewall outside of the machine (a cloud security group), at most 90 days old. Fails when it has expired or does not hold. Unknown without one.",
  fix: "ufw default deny incoming && ufw allow 22,80,443/tcp && ufw enable; for a cloud security group: plimsoll attest firewall.enabled --evidence FILE --expires 90d",
  references: [
    "https://www.cisecurity.org/benchmark/debian_linux",
    "https://cwe.mitre.org/data/definitions/1188.html",
  ],
};
