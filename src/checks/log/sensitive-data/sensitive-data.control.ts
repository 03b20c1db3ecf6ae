import type { Control } from "../../../core/check.ts";

export const logSensitiveData: Control = {
  id: "log.sensitive-data",
  title: "Sensitive data is not logged",
  severity: "medium",
  seed: ["S2.77"],
  risk: "Whoever reads the logs, or whatever collects them, holds the tokens and passwords that were written there, long after they were used.",
  rule: "Applies where an application's source was read. Passes when no statement of it writes a token, a password, a key or a credential field of a request into the log. Warns for each that does, a part of the value included; its length, whether it is there, and its hash give nothing away. Tests, examples and files for development do not count. What is in the log files themselves is not looked at by this layer.",
  fix: "Log that it was there, not what it was: logger.warning('token rejected', extra={'user': user.id}); take what was logged before out of circulation.",
  references: [
    "https://cwe.mitre.org/data/definitions/532.html",
    "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
  ],
};
