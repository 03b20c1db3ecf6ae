import type { Control } from "../../../core/check.ts";

export const monitorCspReportsControl: Control = {
  id: "monitor.csp-reports",
  title: "CSP violations are collected where the policy asks for reports",
  severity: "medium",
  seed: ["S2.158"],
  risk: "Reports that go nowhere hide both the attack that the policy stopped and the page that it broke.",
  rule: "Applies where a policy has report-uri or report-to. Warns when report-to names an endpoint that Reporting-Endpoints does not define, when only the older Report-To does, when the address is none, or is not https. Unknown otherwise: whether the endpoint takes a POST is not tried, as an audit sends nothing that is stored.",
  fix: 'Send Reporting-Endpoints: csp="https://HOST/csp-reports" beside the policy, with report-to csp and, for older browsers, report-uri https://HOST/csp-reports in it.',
  references: [
    "https://www.w3.org/TR/CSP3/#directives-reporting",
    "https://www.w3.org/TR/reporting-1/",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  unknownExit: "neutral",
};
