import type { Control } from "../../../core/check.ts";

export const cspPolicyControl: Control = {
  id: "csp.policy",
  title: "The Content-Security-Policy is fit for the application",
  severity: "high",
  seed: ["S2.40", "S2.47"],
  risk: "A policy with a hole as wide as a whole scheme or a wildcard lets injected scripts run as if there were none.",
  rule: "Judges the enforced policies together, or those that only report where none is enforced. Passes when scripts, objects and the default name no wildcard, no http:, https: or data:, 'unsafe-eval' is not allowed, objects are forbidden, base-uri is 'self' or 'none', frame-ancestors is set, and policy and pages agree: nothing that a fetched page needs is blocked, no host of script-src, style-src or frame-src is unused. Fails when scripts may come from * or data:. Warns for the rest, for hosts known to serve scripts that undo a policy, and for connect-src that allows any host. Inline code is judged by csp.no-unsafe-inline. Unknown when a page was not answered or was cut. What scripts load once they run is not seen.",
  fix: "Send the policy suggested by the finding, which names what the fetched pages need and nothing else; try it as Content-Security-Policy-Report-Only first.",
  references: [
    "https://www.w3.org/TR/CSP3/",
    "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
