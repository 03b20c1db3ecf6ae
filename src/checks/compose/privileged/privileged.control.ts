import type { Control } from "../../../core/check.ts";

export const composePrivileged: Control = {
  id: "compose.privileged",
  title: "No container of the project runs privileged",
  severity: "high",
  seed: [],
  risk: "A privileged container sees every device of the machine: its root is the machine's root.",
  rule: "Passes when no service has privileged: true. Fails for one that has; warns for monitoring and network services, which are built for it. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Remove privileged: true and add the one device or capability that is needed (devices:, cap_add:).",
  references: [
    "https://docs.docker.com/reference/compose-file/services/#privileged",
    "https://cwe.mitre.org/data/definitions/250.html",
  ],
};
