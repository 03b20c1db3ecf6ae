import type { Control } from "../../../core/check.ts";

export const proxyAclBypassByRegexLocation: Control = {
  id: "proxy.acl-bypass-by-regex-location",
  title: "No pattern takes requests out of a location that is guarded",
  severity: "high",
  seed: [],
  risk: "A file below the guarded path whose name fits the pattern is handed to everybody.",
  rule: "fail: a location by pattern without access rules takes requests below a prefix location that has some (allow and deny, a password, internal), and serves the same directory or application. pass: none does. Not concerned: prefix locations with ^~.",
  fix: "nginx: write location ^~ /admin/ so that no pattern is tried, or repeat the rules in the pattern's location.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#location",
    "https://cwe.mitre.org/data/definitions/863.html",
  ],
};
