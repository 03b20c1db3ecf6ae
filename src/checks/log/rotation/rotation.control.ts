import type { Control } from "../../../core/check.ts";

export const logRotation: Control = {
  id: "log.rotation",
  title: "Log rotation configured",
  severity: "medium",
  seed: ["S2.73", "S2.76"],
  risk: "Who can make the application log fills the disk, and with it stops the database and every other service.",
  rule:
    "Where logs go to files: AGENTOS_LOGS_MAX_SIZE is a positive integer, every file handler of Python rotates, or a logrotate file of the " +
    "deployment names the file. None of these warns; without log files it does not apply.",
  fix: "Set AGENTOS_LOGS_MAX_SIZE=10000, use logging.handlers.RotatingFileHandler, or write /etc/logrotate.d/app for the file.",
  references: [
    "https://cwe.mitre.org/data/definitions/400.html",
    "https://docs.python.org/3/library/logging.handlers.html#rotatingfilehandler",
  ],
};
