import type { Control } from "../../../core/check.ts";

export const firewallSshRestricted: Control = {
  id: "firewall.ssh-restricted",
  title: "SSH is open to trusted addresses only",
  severity: "medium",
  seed: ["S2.150"],
  risk: "Everybody may try passwords and the next hole of sshd.",
  rule: "Applies where sshd listens beyond this machine. Passes with a valid attestation firewall.ssh-restricted of a firewall outside of the machine, at most 90 days old. Warns when it has expired or does not hold. Unknown, without effect on the exit code, without one.",
  fix: "ufw allow from CIDR to any port 22; for a cloud security group: plimsoll attest firewall.ssh-restricted --evidence FILE --expires 90d",
  references: ["https://www.cisecurity.org/benchmark/debian_linux"],
  unknownExit: "neutral",
};
