import type { Control } from "../../../core/check.ts";

export const headersDisclosure: Control = {
  id: "headers.disclosure",
  title: "Versions are not disclosed by headers",
  severity: "low",
  seed: ["S2.46"],
  risk: "Whoever looks for a product with a known hole finds this server without trying.",
  rule: "Judged on every answer, redirects and errors included, as they often come from another program. Passes when Server, X-Powered-By and their like (OWASP Secure Headers, list of headers to remove) carry no version. Warns when one does. At the proxy it warns when server_tokens of nginx is on or ServerTokens of Apache more than Prod, or neither is set, and when Server of the application is passed on. Never fails. Unknown when the main page, or an answer to another of these questions, was not seen.",
  fix: "nginx: server_tokens off; Apache: ServerTokens Prod; PHP: expose_php = Off; Express: app.disable('x-powered-by'); uvicorn: --no-server-header; or drop the header in the proxy.",
  references: [
    "https://owasp.org/www-project-secure-headers/",
    "https://cwe.mitre.org/data/definitions/200.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
