import type { Control } from "../../../core/check.ts";

export const logPersistence: Control = {
  id: "log.persistence",
  title: "Logs persist",
  severity: "medium",
  seed: ["S2.71", "S2.74", "S2.167"],
  risk: "After a restart nothing tells what an intruder did, or that there was one.",
  rule:
    "AGENTOS_LOGS_PERSIST is on, or a logger in source writes a file outside of directories for temporary files, or hands lines to another " +
    "program or a database. Off or unset with none of these warns. Where a unit runs the application its output goes to the journal, whose storage is not looked at: unknown.",
  fix: "Set AGENTOS_LOGS_PERSIST=true, or Storage=persistent in /etc/systemd/journald.conf where the application logs to the journal.",
  references: [
    "https://cwe.mitre.org/data/definitions/778.html",
    "https://www.freedesktop.org/software/systemd/man/latest/journald.conf.html",
  ],
};
