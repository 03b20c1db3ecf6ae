import type { Control } from "../../../core/check.ts";

export const headersAllPresent: Control = {
  id: "headers.all-present",
  title: "All expected security headers are on the response",
  severity: "high",
  seed: ["S2.37", "S2.38", "S2.39", "S2.46"],
  risk: "Each header that is missing leaves a protection of the browser switched off: against injected script, framing, guessed types, leaking addresses, eavesdropping.",
  rule: "Passes when each HTML page has an enforced Content-Security-Policy (header or meta element), X-Frame-Options or frame-ancestors, X-Content-Type-Options and Referrer-Policy (or its meta element), and over https Strict-Transport-Security, and none of them fails its own control: a value browsers ignore, or that lets anyone in, is no header. A main page that is no HTML needs the last and nosniff only. Warns when nosniff or HSTS is missing on errors or assets only. Fails when one is missing or without effect on a page, or the policy lets scripts come from any host or from data: URLs, which fails csp.policy too. Without a live target the page is foretold by what source and proxies set. Unknown when the main page, or an answer to another of these questions, was not seen.",
  fix: "Set all five in one place, for every status: nginx add_header with always, Caddy header, Apache Header always set, Django SecurityMiddleware, Express helmet().",
  references: [
    "https://owasp.org/www-project-secure-headers/",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
