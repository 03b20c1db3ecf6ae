import type { Control } from "../../../core/check.ts";

export const proxyUpstreamStaticDns: Control = {
  id: "proxy.upstream-static-dns",
  title: "Names of upstreams are looked up while nginx runs",
  severity: "low",
  seed: [],
  risk: "A name in proxy_pass is looked up once, when nginx starts: after the application moved, requests go to whoever has its old address.",
  rule: "note, under --pedantic only: a proxy_pass or an upstream server names a host without a variable or resolve.",
  fix: "nginx: set $backend http://app; proxy_pass $backend; with a resolver, or server app:8000 resolve; (1.27.3).",
  references: ["https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve"],
};
