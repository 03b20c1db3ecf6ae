import type { Control } from "../../../core/check.ts";

export const sentrySampleRates: Control = {
  id: "sentry.sample-rates",
  title: "Sample rates fit the traffic",
  severity: "high",
  seed: ["S2.56", "S2.57", "S2.61"],
  risk: "A rate of 1 sends every request of a flood on to Sentry: it slows the application and uses the quota up before the errors that matter.",
  rule:
    "The rates of traces and profiles are numbers above 0 and at most 0.2. Above 0.2, 0 and unset warn; what is not a number or outside 0 to 1 " +
    "fails. A traces_sampler overrides the rate and is a note.",
  fix: "Set SENTRY_TRACES_SAMPLE_RATE=0.1 and SENTRY_PROFILES_SAMPLE_RATE=0.1 in the env file the service reads.",
  references: ["https://docs.sentry.io/platforms/python/configuration/sampling/"],
};
