import type { Control } from "../../../core/check.ts";

export const envParse: Control = {
  id: "env.parse",
  title: "Env files say what they seem to say",
  severity: "medium",
  seed: ["S1.12", "S2.167"],
  risk: "The service runs with another value than the one its operator reads in the file, a cut secret or debug mode for one.",
  rule:
    "Every line means the same to python-dotenv, dotenv for Node, systemd, compose and a POSIX shell. A key set twice with different values, CRLF, a " +
    "byte order mark, an unbalanced quote, export in a file of systemd, a comment that a reader keeps, a $ that a reader expands and a key with a lower-case twin warn.",
  fix: "Put the value in single quotes, keep one assignment per key, and run dos2unix FILE.",
  references: ["https://cwe.mitre.org/data/definitions/436.html"],
};
