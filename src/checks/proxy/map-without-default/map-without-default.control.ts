import type { Control } from "../../../core/check.ts";

export const proxyMapWithoutDefault: Control = {
  id: "proxy.map-without-default",
  title: "Tables that guard access say what holds for everybody else",
  severity: "low",
  seed: [],
  risk: "A value nobody thought of is empty, and the condition that was to keep it out may not hold for empty.",
  rule: "note: a map or geo without default gives the variable by which an if turns requests away, or the realm of a password. pass: always; the note says where.",
  fix: "nginx: a line default with the value that keeps requests out.",
  references: ["https://nginx.org/en/docs/http/ngx_http_map_module.html#map"],
};
