import type { Control } from "../../../core/check.ts";

export const firewallDdos: Control = {
  id: "firewall.ddos",
  title: "A provider protects the service against floods",
  severity: "high",
  seed: ["S2.151", "S2.159"],
  risk: "A flood that costs its sender little takes the service off the net for as long as it lasts.",
  rule: "Applies to a public target. Passes with a valid attestation firewall.ddos that names the provider, at most 365 days old. Warns when it has expired or does not hold. Unknown without one.",
  fix: "Put a provider in front and let the origin answer nobody else, then: plimsoll attest firewall.ddos --evidence FILE --expires 365d --set provider=…",
  references: ["https://cwe.mitre.org/data/definitions/400.html"],
};
