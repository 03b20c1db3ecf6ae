import type { Control } from "../../../core/check.ts";

export const sentryDsn: Control = {
  id: "sentry.dsn",
  title: "Sentry DSN configured",
  severity: "high",
  seed: ["S2.51", "S2.52", "S2.58", "S2.171"],
  risk: "Without a working DSN no error of the application is seen, an attack that makes it fail included.",
  rule:
    "SENTRY_DSN, or what source hands to the SDK, parses as https://KEY@HOST/NUMBER and is no sample. Missing or empty warns; " +
    "a placeholder, another scheme than https, a malformed DSN or one with a secret part fails.",
  fix: "Copy the DSN from the project's settings in Sentry (Client Keys) into SENTRY_DSN of the env file the service reads.",
  references: [
    "https://docs.sentry.io/concepts/key-terms/dsn-explainer/",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
