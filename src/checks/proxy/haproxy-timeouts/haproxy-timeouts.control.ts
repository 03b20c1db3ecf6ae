import type { Control } from "../../../core/check.ts";

export const proxyHaproxyTimeouts: Control = {
  id: "proxy.haproxy-timeouts",
  title: "HAProxy ends connections nobody uses",
  severity: "medium",
  seed: [],
  risk: "A few thousand connections that are opened and left alone fill the table of connections: nobody else gets in.",
  rule: "warn: no timeout client, connect or server is in force for a frontend or a backend it uses. note: no timeout http-request. pass: all are set, in the section or its defaults.",
  fix: "HAProxy: timeout connect 5s, timeout client 30s, timeout server 30s, timeout http-request 10s in defaults.",
  references: ["https://docs.haproxy.org/2.8/configuration.html#4.2-timeout%20client"],
};
