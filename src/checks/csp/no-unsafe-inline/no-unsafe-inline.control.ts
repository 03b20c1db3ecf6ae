import type { Control } from "../../../core/check.ts";

export const cspNoUnsafeInlineControl: Control = {
  id: "csp.no-unsafe-inline",
  title: "Scripts run by nonce or hash, not by 'unsafe-inline'",
  severity: "medium",
  seed: ["S2.78", "S2.83"],
  risk: "With 'unsafe-inline' in force a policy lets the very script run that an attacker injects into the page.",
  rule: "Passes when the enforced policies together let no inline script and no event handler run that has neither nonce nor hash; 'unsafe-inline' beside a nonce, a hash or 'strict-dynamic' is a fallback for old browsers and no fault. Warns when 'unsafe-inline' is in force for scripts, when no directive limits scripts, or when the policy only reports. Unknown when a page was not answered or its policies were cut.",
  fix: "Move inline scripts to files or give them a nonce made for each answer, then send script-src 'self' 'nonce-{NONCE}' without 'unsafe-inline'.",
  references: [
    "https://www.w3.org/TR/CSP3/#directive-script-src",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
