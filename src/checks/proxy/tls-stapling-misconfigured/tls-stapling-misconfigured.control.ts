import type { Control } from "../../../core/check.ts";

export const proxyTlsStaplingMisconfigured: Control = {
  id: "proxy.tls-stapling-misconfigured",
  title: "OCSP stapling that is switched on can work",
  severity: "low",
  seed: [],
  risk: "Certificates are served without the proof that they are not revoked although the file asks for it.",
  rule: "note: ssl_stapling is on and there is no resolver to find the responder with. pass: there is one, a file is stapled, or stapling is off, which is right for authorities without OCSP such as Let's Encrypt.",
  fix: "nginx: resolver 127.0.0.53; beside ssl_stapling on; or take ssl_stapling away.",
  references: ["https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling"],
};
