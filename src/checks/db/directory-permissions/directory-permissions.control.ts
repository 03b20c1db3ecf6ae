import type { Control } from "../../../core/check.ts";

export const dbDirectoryPermissions: Control = {
  id: "db.directory-permissions",
  title: "Database directory is 700",
  severity: "high",
  seed: ["S2.67"],
  risk: "Every account of the machine reads the users, sessions and tokens of the application, or puts its own in.",
  rule:
    "The directory of a SQLite database has mode 0700 (or 0750 with the service's group) and belongs to the service's account; the file, " +
    "its -wal, -shm and -journal are at most 0640. A wider directory over closed files warns; a file that others read or a directory that others write fails.",
  fix: "chown svc: DIR && chmod 700 DIR && chmod 600 DIR/production.sqlite*",
  references: [
    "https://cwe.mitre.org/data/definitions/732.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
