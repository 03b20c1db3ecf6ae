import type { Control } from "../../../core/check.ts";

export const envPrecedenceConflict: Control = {
  id: "env.precedence-conflict",
  title: "File and process environment agree",
  severity: "medium",
  seed: ["S1.12"],
  risk: "The running service is not what the audited file says: a fix in the file is not in force, or an override undoes it.",
  rule:
    "Every security-relevant key that two or more layers set (process, unit or compose, their env files, .env) has the same value in all of " +
    "them; secrets are compared by fingerprint. A difference warns. It cannot be told while the process's environment is unreadable.",
  fix: "Restart the unit so that it takes up the file, or remove the override.",
  references: ["https://cwe.mitre.org/data/definitions/16.html"],
  unknownExit: "neutral",
};
