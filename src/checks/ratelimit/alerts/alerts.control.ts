import type { Control } from "../../../core/check.ts";

export const ratelimitAlerts: Control = {
  id: "ratelimit.alerts",
  title: "Somebody is alerted when limits are hit",
  severity: "medium",
  seed: ["S2.97"],
  risk: "Guessing of passwords and scraping go on unseen for as long as only a counter knows of them.",
  rule: "Applies where an application was found. Passes with a valid attestation ratelimit.alerts, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: 'Alert on answers with status 429 (Prometheus: rate(http_requests_total{status="429"}[5m]) > 1), then: plimsoll attest ratelimit.alerts --evidence FILE --expires 365d',
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
