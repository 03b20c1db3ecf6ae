import type { Control } from "../../../core/check.ts";

export const monitorTooling: Control = {
  id: "monitor.tooling",
  title: "Errors, metrics and logs are collected",
  severity: "high",
  seed: ["S2.152", "S2.159"],
  risk: "What happened cannot be told afterwards, nor that anything did.",
  rule: "Applies unless the stage is one of development. Passes with a valid attestation monitor.tooling that names an error tracker and a metrics or log stack, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an error tracker and something that collects metrics or logs is found by its variable, image or process. Unknown where one of the two, or neither, is found and nobody attests it.",
  fix: "Set up an error tracker and a metrics or log stack, then: plimsoll attest monitor.tooling --evidence FILE --expires 365d --set tools=…",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
