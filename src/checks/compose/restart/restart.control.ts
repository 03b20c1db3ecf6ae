import type { Control } from "../../../core/check.ts";

export const composeRestart: Control = {
  id: "compose.restart",
  title: "Services start again after a crash",
  severity: "low",
  seed: [],
  risk: "One crash, or one that somebody provokes, and the site stays away until somebody looks.",
  rule: "Passes; a note names services of the application without restart: or with restart: no. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Add restart: unless-stopped to the service.",
  references: ["https://docs.docker.com/reference/compose-file/services/#restart"],
};
