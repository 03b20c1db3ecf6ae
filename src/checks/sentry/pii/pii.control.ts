import type { Control } from "../../../core/check.ts";

export const sentryPii: Control = {
  id: "sentry.pii",
  title: "PII scrubbing configured",
  severity: "high",
  seed: ["S2.62"],
  risk: "Cookies, addresses and bodies of requests leave for a third party with every error; whoever reads Sentry can take sessions over.",
  rule:
    "send_default_pii of sentry_sdk.init is false or absent, and events pass a scrubber of the application (before_send or event_scrubber). " +
    "False without a scrubber warns. True without one fails; true with a before_send warns, since what it removes cannot be told.",
  fix: "Call sentry_sdk.init(send_default_pii=False, before_send=...) with a function that takes cookies, headers and body out of the event.",
  references: [
    "https://docs.sentry.io/platforms/python/data-management/sensitive-data/",
    "https://cwe.mitre.org/data/definitions/359.html",
    "https://cwe.mitre.org/data/definitions/532.html",
  ],
};
