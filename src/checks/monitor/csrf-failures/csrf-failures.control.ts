import type { Control } from "../../../core/check.ts";

export const monitorCsrfFailures: Control = {
  id: "monitor.csrf-failures",
  title: "Refused CSRF tokens are watched",
  severity: "high",
  seed: ["S2.154"],
  risk: "Forged requests that are refused today show who is trying, and go unseen.",
  rule: "Applies where csrf.enabled does. Passes with a valid attestation monitor.csrf-failures, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: "Alert on 403 of the CSRF middleware (Django: logger django.security.csrf), then: plimsoll attest monitor.csrf-failures --evidence FILE --expires 365d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
