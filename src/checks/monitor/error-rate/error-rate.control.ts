import type { Control } from "../../../core/check.ts";

export const monitorErrorRate: Control = {
  id: "monitor.error-rate",
  title: "Error spikes are watched",
  severity: "high",
  seed: ["S2.157"],
  risk: "An attack that makes the application stumble looks like nothing at all.",
  rule: "Applies where an application was found. Passes with a valid attestation monitor.error-rate, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: "Alert on the share of answers with status 5xx (Prometheus rule, Sentry alert), then: plimsoll attest monitor.error-rate --evidence FILE --expires 365d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
