import type { Control } from "../../../core/check.ts";

export const cspNonceTemplatesControl: Control = {
  id: "csp.nonce-templates",
  title: "Templates give every inline script and style the nonce",
  severity: "medium",
  seed: ["S2.81"],
  risk: "An untagged script does not run under the policy, which is why 'unsafe-inline' is then put back and opens the page to injected scripts.",
  rule: "Applies where source makes a nonce, a policy in source names one, or templates use one. Passes when every inline script and style of the templates that are part of the deployment carries a nonce that the engine fills in. Warns for each that has none; fails for a nonce that is written out, as it is the same for everybody. Blocks of data (application/json) need none; mails, copies (.bak) and tests do not count.",
  fix: 'Write the attribute in every inline element: nonce="{{ csp_nonce }}" (Jinja), nonce="{{ request.csp_nonce }}" (Django), nonce="<%= nonce %>" (EJS); or move the code to a file.',
  references: [
    "https://www.w3.org/TR/CSP3/#security-nonces",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
