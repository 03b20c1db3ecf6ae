import type { Control } from "../../../core/check.ts";

export const firewallOpenPorts: Control = {
  id: "firewall.open-ports",
  title: "Only ports 80, 443 and 22 are open to the world",
  severity: "critical",
  seed: ["S1.41", "S2.144", "S2.149", "S2.176"],
  risk: "Databases, caches and the application itself can be talked to past the proxy and past its login.",
  rule: "Applies where the machine is looked at. Passes with a valid attestation firewall.open-ports of a firewall outside of the machine, at most 90 days old. Fails when it has expired or does not hold. Unknown without one.",
  fix: "ufw delete allow PORT, or let the service listen on 127.0.0.1; for a cloud security group: plimsoll attest firewall.open-ports --evidence FILE --expires 90d",
  references: [
    "https://cwe.mitre.org/data/definitions/668.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
