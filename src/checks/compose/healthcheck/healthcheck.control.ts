import type { Control } from "../../../core/check.ts";

export const composeHealthcheck: Control = {
  id: "compose.healthcheck",
  title: "Services are watched by a health check",
  severity: "low",
  seed: [],
  risk: "A program that hangs is taken for one that runs: nothing restarts it and nobody is told.",
  rule: "Passes; a note names services of the application whose check is switched off, and those built here without HEALTHCHECK and healthcheck:. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Add healthcheck: with a test the image can run (curl -f http://localhost:8000/health).",
  references: ["https://docs.docker.com/reference/compose-file/services/#healthcheck"],
};
