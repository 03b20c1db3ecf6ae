import type { Control } from "../../../core/check.ts";

export const proxyBasicAuthOverHttp: Control = {
  id: "proxy.basic-auth-over-http",
  title: "Passwords are asked for over TLS only",
  severity: "high",
  seed: [],
  risk: "Basic authentication sends the password with every request; on plain HTTP whoever is on the way reads it.",
  rule: "fail: auth_basic is in force where requests over plain HTTP from other machines are answered, and no redirect to https comes before. warn: the same where a proxy in front is trusted for addresses, which may speak TLS. pass: nowhere.",
  fix: "nginx: leave only return 301 https://$host$request_uri; in the server on port 80.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_auth_basic_module.html",
    "https://www.rfc-editor.org/rfc/rfc7617#section-4",
  ],
};
