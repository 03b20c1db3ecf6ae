import type { Control } from "../../../core/check.ts";

export const composeLimits: Control = {
  id: "compose.limits",
  title: "Services have limits of memory and processes",
  severity: "low",
  seed: [],
  risk: "One request that grows without end takes the machine's memory from everything else on it.",
  rule: "Passes; a note names services of the application without mem_limit:, pids_limit: or deploy.resources.limits. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Add deploy: {resources: {limits: {memory: 512M, pids: 200}}} to the service.",
  references: ["https://docs.docker.com/reference/compose-file/deploy/#resources"],
};
