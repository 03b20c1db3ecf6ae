import type { Control } from "../../../core/check.ts";

export const sentryEnvironment: Control = {
  id: "sentry.environment",
  title: 'Sentry\'s environment is "production"',
  severity: "high",
  seed: ["S2.53", "S2.59"],
  risk: "Errors of production that arrive under another name are filtered out with those of development, and nobody is alerted.",
  rule: "SENTRY_ENVIRONMENT, or what source hands to the SDK, is production or prod. Unset or another name warns; a development stage is skipped.",
  fix: "Set SENTRY_ENVIRONMENT=production in the env file the service reads.",
  references: ["https://docs.sentry.io/platforms/python/configuration/environments/"],
};
