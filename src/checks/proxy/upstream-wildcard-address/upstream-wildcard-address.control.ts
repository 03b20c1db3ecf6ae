import type { Control } from "../../../core/check.ts";

export const proxyUpstreamWildcardAddress: Control = {
  id: "proxy.upstream-wildcard-address",
  title: "Upstreams are named by an address, not by the wildcard",
  severity: "medium",
  seed: [],
  risk: "Who writes 0.0.0.0 for the upstream most likely has the application listen there: open to the network, past the proxy.",
  rule: "warn: a proxy_pass or its like leads to 0.0.0.0 or [::], by itself or by a server of its upstream block. pass: none does.",
  fix: "nginx: 127.0.0.1 in the place of 0.0.0.0, and let the application listen on 127.0.0.1.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3",
    "https://cwe.mitre.org/data/definitions/1327.html",
  ],
};
