import type { Control } from "../../../core/check.ts";

export const composeReadOnly: Control = {
  id: "compose.read-only",
  title: "Root file systems of containers are read-only",
  severity: "low",
  seed: [],
  risk: "Whoever takes over the application can leave changed programs behind that survive until the container is made anew.",
  rule: "Passes; a note names services of the application without read_only: true. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Add read_only: true with tmpfs: [/tmp] and volumes for what is written.",
  references: ["https://docs.docker.com/reference/compose-file/services/#read_only"],
};
