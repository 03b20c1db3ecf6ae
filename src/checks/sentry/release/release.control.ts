import type { Control } from "../../../core/check.ts";

export const sentryRelease: Control = {
  id: "sentry.release",
  title: "Sentry is told which release runs",
  severity: "high",
  seed: ["S2.54", "S2.60", "S2.167"],
  risk: "Without a release nobody can tell which deployment brought a fault in, or whether a fix of it is live.",
  rule: "SENTRY_RELEASE, or what source hands to the SDK, is not empty and holds no shell expression that nobody runs. Unset and unexpanded warn, and so does one that names another commit than the one checked out, or another version than the file VERSION.",
  fix: "Compute it where it is deployed: printf 'SENTRY_RELEASE=app@%s\\n' \"$(git rev-parse --short HEAD)\" >> .env",
  references: ["https://docs.sentry.io/platforms/python/configuration/releases/"],
};
