import type { Control } from "../../../core/check.ts";

export const monitorFailedAuth: Control = {
  id: "monitor.failed-auth",
  title: "Failed logins are watched",
  severity: "high",
  seed: ["S2.153"],
  risk: "Passwords are guessed for weeks and nobody looks.",
  rule: "Applies where an application was found. Passes with a valid attestation monitor.failed-auth, at most 365 days old. Warns when it has expired or does not hold. Passes as well where an alert of Prometheus or a jail of fail2ban that is kept with the deployment watches it; rules none of which does warn. Unknown without any of these.",
  fix: "Alert on failed logins (fail2ban jail, Prometheus rule, Sentry alert), then: plimsoll attest monitor.failed-auth --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/778.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
