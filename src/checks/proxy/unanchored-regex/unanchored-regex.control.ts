import type { Control } from "../../../core/check.ts";

export const proxyUnanchoredRegex: Control = {
  id: "proxy.unanchored-regex",
  title: "Patterns of locations say where they begin or end",
  severity: "low",
  seed: [],
  risk: "A pattern without ^ or $ takes more paths than it was written for: \\.php also fits /x.php.jpg.",
  rule: "note, under --pedantic only: the pattern of a location that answers with content has neither ^ nor $.",
  fix: "nginx: \\.php$ in the place of \\.php.",
  references: ["https://nginx.org/en/docs/http/ngx_http_core_module.html#location"],
};
