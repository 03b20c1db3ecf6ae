import type { Control } from "../../../core/check.ts";

export const proxyForwardedHeaders: Control = {
  id: "proxy.forwarded-headers",
  title: "Forwarded headers are set by the proxy, not taken from clients",
  severity: "high",
  seed: ["S2.134"],
  risk: "The application sees a wrong scheme or client: cookies without Secure, redirect loops, forged addresses in logs and limits.",
  rule: "pass: every route to the application sets Host, X-Real-IP, X-Forwarded-For and X-Forwarded-Proto, from what the proxy itself knows; Caddy and Traefik do so by themselves, and of Apache and HAProxy X-Real-IP is not asked. warn: one is missing on a route, is lost because a location sets fields of its own, or holds what the client sent. note: X-Forwarded-For is appended to what the client sent, which is right for an application that counts from the end. Never fails. Not judged: internal locations, and routes to other services over TLS.",
  fix: "nginx at the edge: proxy_set_header Host $host; X-Real-IP $remote_addr; X-Forwarded-For $remote_addr; X-Forwarded-Proto $scheme; all in one place, repeated where a location has proxy_set_header of its own. Apache: ProxyPreserveHost On and RequestHeader set X-Forwarded-Proto https. HAProxy: option forwardfor and http-request set-header X-Forwarded-Proto https if { ssl_fc }. Caddy and Traefik: nothing, unless something takes them away.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc7239",
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
    "https://cwe.mitre.org/data/definitions/348.html",
  ],
};
