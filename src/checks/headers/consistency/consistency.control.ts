import type { Control } from "../../../core/check.ts";

export const headersConsistency: Control = {
  id: "headers.consistency",
  title: "Each security header comes from one source, with one value",
  severity: "medium",
  seed: ["S2.38", "S2.133"],
  risk: "Two values of a header make browsers drop or misread it, so that a protection that was set twice is not there once.",
  rule: "Judged on every answer. Passes when each security header is sent once, with one value, and is the same when the main page is asked again, and over HTTP/2 where that is offered. Warns when a header is sent twice or as a list of what takes one value, equal or not; when HSTS differs between answers of one host, of which browsers keep the last; when a header differs, or is there only once, between two requests for the main page (numbers used once in a policy aside), or is otherwise over HTTP/2 than both times over HTTP/1.1. Never fails. Unknown when the main page, its repetition, or another of these answers was not seen. Does not apply where no security header is sent.",
  fix: "Set each header in one place. nginx: proxy_hide_header NAME; beside the add_header, or no add_header for what the application sends; Apache: Header always set instead of add; HAProxy: http-response set-header instead of add-header.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_headers_module.html",
    "https://cwe.mitre.org/data/definitions/16.html",
  ],
};
