import type { Control } from "../../../core/check.ts";

export const envStage: Control = {
  id: "env.stage",
  title: "The deployment says it is production",
  severity: "medium",
  seed: ["S1.18", "S2.59"],
  risk: "Software that takes the node for a development machine leaves its debugging aids and lax defaults on.",
  rule:
    "At least one stage name is set (DJANGO_ENV, AGENTOS_ENV, OCTOPUSOS_ENV, APP_ENV, NODE_ENV, FLASK_ENV, SENTRY_ENVIRONMENT), and " +
    "all that are set fall into one class, development or not. None set, or a contradiction, warns.",
  fix: "Set DJANGO_ENV=production (AGENTOS_ENV=production, NODE_ENV=production) in the env file the service reads, and every other stage name alike.",
  references: [
    "https://cwe.mitre.org/data/definitions/16.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
