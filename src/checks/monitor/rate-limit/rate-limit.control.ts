import type { Control } from "../../../core/check.ts";

export const monitorRateLimit: Control = {
  id: "monitor.rate-limit",
  title: "Clients over the limit are watched",
  severity: "high",
  seed: ["S2.155"],
  risk: "Who hits a limit again and again is trying something, and nobody sees it.",
  rule: "Applies where an application was found. Passes with a valid attestation monitor.rate-limit, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: "Alert on answers with status 429, then: plimsoll attest monitor.rate-limit --evidence FILE --expires 365d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
