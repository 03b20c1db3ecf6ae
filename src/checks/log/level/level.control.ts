import type { Control } from "../../../core/check.ts";

export const logLevel: Control = {
  id: "log.level",
  title: "Log level is WARNING or ERROR",
  severity: "medium",
  seed: ["S2.70", "S2.72", "S2.75"],
  risk: "Logs at DEBUG hold requests, queries and tokens in clear; whoever reads them has what the application protects.",
  rule:
    "The level is WARNING, WARN, ERROR, CRITICAL or FATAL, in any case. INFO, an unknown word and a level that is not set warn; DEBUG, TRACE " +
    "and NOTSET fail outside of development. Without any setting of logs it does not apply.",
  fix: "Set AGENTOS_LOGS_LEVEL=WARNING (LOG_LEVEL=WARNING) in the env file the service reads. WARNING says more than ERROR.",
  references: [
    "https://cwe.mitre.org/data/definitions/532.html",
    "https://docs.python.org/3/library/logging.html#logging-levels",
  ],
};
