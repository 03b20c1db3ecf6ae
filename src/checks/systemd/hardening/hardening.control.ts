import type { Control } from "../../../core/check.ts";

export const systemdHardening: Control = {
  id: "systemd.hardening",
  title: "Units of the application run without rights they do not need",
  severity: "medium",
  seed: [],
  risk: "Whoever takes over the application has all that its unit leaves it: home directories, other programs' temporary files, devices, capabilities.",
  rule: "Counts, drop-ins merged: a User= that is not root (or DynamicUser=), NoNewPrivileges=, ProtectSystem=, ProtectHome=, PrivateTmp=, CapabilityBoundingSet=, UMask=0027 or stricter, and secrets in EnvironmentFile= or credentials instead of Environment=. Passes from six of the eight on, warns below, fails for a unit that runs as root without any of them, and for one that has no directive besides its account. A unit that starts containers, and a deployment without a unit of the application, are not applicable.",
  fix: "Write a drop-in with the missing directives (systemctl edit NAME), then systemctl restart NAME; systemd-analyze security NAME shows what is left.",
  references: [
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd-analyze.html",
  ],
};
