import type { Control } from "../../../core/check.ts";

export const envFilePermissions: Control = {
  id: "env.file-permissions",
  title: "Env files are readable only by their owner and the service group",
  severity: "high",
  seed: ["S1.19"],
  risk: "Any account on the machine, a hijacked neighbouring service for one, reads the secrets or writes its own.",
  rule:
    "Every env file in use, links followed, has mode 0400, 0440, 0600 or 0640, belongs to root, the service's account or the invoking user, " +
    "and to the service's group; no ACL lets others in. A file others can write, or a containing directory they can write without the " +
    "sticky bit, fails. It cannot be told where stat is denied, the file system keeps no modes, or an ACL cannot be read.",
  fix: "chown root:SERVICE_GROUP FILE && chmod 640 FILE (or chmod 600 FILE), setfacl -b FILE for stray ACL entries, chmod o-w DIRECTORY.",
  references: [
    "https://cwe.mitre.org/data/definitions/732.html",
    "https://cwe.mitre.org/data/definitions/276.html",
    "https://cwe.mitre.org/data/definitions/522.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
  compat: { group: "common", order: 3, check: "env_permissions", level: "warn" },
};
