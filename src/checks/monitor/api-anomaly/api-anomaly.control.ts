import type { Control } from "../../../core/check.ts";

export const monitorApiAnomaly: Control = {
  id: "monitor.api-anomaly",
  title: "Unusual use of the API is watched",
  severity: "high",
  seed: ["S2.156"],
  risk: "Data leaves by requests that are each allowed and together are not.",
  rule: "Applies where an application was found. Passes with a valid attestation monitor.api-anomaly, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: "Alert on requests by client and route far above their usual number, then: plimsoll attest monitor.api-anomaly --evidence FILE --expires 365d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
