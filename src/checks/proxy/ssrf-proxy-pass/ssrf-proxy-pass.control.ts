import type { Control } from "../../../core/check.ts";

export const proxySsrfProxyPass: Control = {
  id: "proxy.ssrf-proxy-pass",
  title: "No request chooses the host it is handed on to",
  severity: "high",
  seed: [],
  risk: "The client makes this machine ask any address for him: cloud metadata, databases, admin pages inside.",
  rule: "fail: the host or port of a proxy_pass (or its like, or in stream) holds what a request says, $host of a server that takes any name included, and no map, list or fixed domain bounds it. pass: none does. Not concerned: internal locations, servers on loopback alone.",
  fix: "nginx: map $arg_x $backend { default app1:8000; b app2:8000; } and proxy_pass http://$backend;",
  references: [
    "https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
    "https://cwe.mitre.org/data/definitions/918.html",
  ],
};
