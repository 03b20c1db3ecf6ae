import type { Control } from "../../../core/check.ts";

export const proxyCacheIgnoresSetCookie: Control = {
  id: "proxy.cache-ignores-set-cookie",
  title: "No answer that sets a cookie is stored for others",
  severity: "high",
  seed: [],
  risk: "The first visitor's session cookie is stored with the page and handed to everybody who asks for it next.",
  rule: "fail: proxy_ignore_headers (or its like) names Set-Cookie where a cache is in use, and neither is the cookie hidden, nor are such answers kept out of the cache, nor is the cookie part of the key. pass: nowhere.",
  fix: "nginx: take Set-Cookie out of proxy_ignore_headers, or add proxy_hide_header Set-Cookie;",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers",
    "https://cwe.mitre.org/data/definitions/525.html",
  ],
};
