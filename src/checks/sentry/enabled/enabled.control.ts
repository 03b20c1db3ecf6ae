import type { Control } from "../../../core/check.ts";

export const sentryEnabled: Control = {
  id: "sentry.enabled",
  title: "Sentry is switched on",
  severity: "high",
  seed: ["S2.55", "S2.58"],
  risk: "An application whose switch is off reports nothing although its DSN is there: attacks and failures stay unseen.",
  rule:
    "SENTRY_ENABLED is on by the application's own idiom: sentry_sdk.init is called in this environment. Off, a word the idiom does not " +
    "take for on, or unset while a DSN is set, warns. Without DSN and switch it does not apply.",
  fix: "Set SENTRY_ENABLED=true, or the word that the application compares with, in the env file the service reads.",
  references: ["https://docs.sentry.io/platforms/python/configuration/options/"],
};
