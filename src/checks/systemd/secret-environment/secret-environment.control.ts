import type { Control } from "../../../core/check.ts";

export const systemdSecretEnvironment: Control = {
  id: "systemd.secret-environment",
  title: "Units hold no secret in Environment=",
  severity: "high",
  seed: [],
  risk: "systemctl show and D-Bus tell Environment= of every unit to every account of the machine, and unit files are world-readable.",
  rule: "Passes when no Environment= of a unit of the application has a value under a secret's name. Fails for one that has; a placeholder in a unit that only lies in the tree warns. Not applicable without a unit of the application.",
  fix: "Move the variable into a file of root with mode 0600 and name it by EnvironmentFile=, or hand it over with LoadCredential=.",
  references: [
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment",
    "https://systemd.io/CREDENTIALS/",
    "https://cwe.mitre.org/data/definitions/526.html",
  ],
};
