import type { Control } from "../../../core/check.ts";

export const proxySecurityHeadersMissing: Control = {
  id: "proxy.security-headers-missing",
  title: "The proxy adds the security headers to what it serves",
  severity: "medium",
  seed: ["S2.38", "S2.133"],
  risk: "Pages without them can be framed, have their types guessed, run injected scripts and leak addresses to other sites.",
  rule: "Warns when nginx serves content over TLS and adds no X-Content-Type-Options, neither X-Frame-Options nor frame-ancestors, no Content-Security-Policy or no Referrer-Policy on the main route of a server; an application behind may send them, which the live answer tells, so that beside others that nginx sets for it a missing one is only noted. A header that is set further out and lost on the way is proxy.header-inheritance. Notes a header without always, which is missing from errors.",
  fix: `nginx: add_header X-Content-Type-Options nosniff always; add_header X-Frame-Options DENY always; add_header Referrer-Policy strict-origin-when-cross-origin always; add_header Content-Security-Policy "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'" always;`,
  references: [
    "https://owasp.org/www-project-secure-headers/",
    "https://nginx.org/en/docs/http/ngx_http_headers_module.html",
  ],
};
