import type { Control } from "../../../core/check.ts";

export const proxyResolverExternal: Control = {
  id: "proxy.resolver-external",
  title: "Names of upstreams are not asked of public resolvers",
  severity: "medium",
  seed: [],
  risk: "Answers of a resolver far away can be forged on the way; then requests go where the forger says. And it learns every internal name.",
  rule: "warn: resolver names a public address. pass: none does, or there is no resolver.",
  fix: "nginx: resolver 127.0.0.53; (systemd-resolved), 127.0.0.11 (Docker), or the resolver of the network.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver",
    "https://cwe.mitre.org/data/definitions/350.html",
  ],
};
