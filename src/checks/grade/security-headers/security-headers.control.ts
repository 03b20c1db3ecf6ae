import type { Control } from "../../../core/check.ts";

export const gradeSecurityHeadersControl: Control = {
  id: "grade.security-headers",
  title: "securityheaders.com-style grade is A or better",
  severity: "high",
  seed: ["S2.110", "S2.113", "S2.178"],
  risk: "Each missing header leaves a protection of the browser switched off: against injection, framing, sniffing, eavesdropping.",
  rule: "Counts six headers: Strict-Transport-Security, Content-Security-Policy, X-Content-Type-Options, X-Frame-Options or frame-ancestors, Referrer-Policy, Permissions-Policy; all six make an A, and an A+ where the policy keeps inline and evaluated scripts out. Passes with A or A+, warns with B, fails below. The rungs between A and F are not published and assumed by the number of headers. Unknown when nothing answers.",
  fix: "Send the headers named in the finding.",
  references: ["https://securityheaders.com/", "https://owasp.org/www-project-secure-headers/"],
};
