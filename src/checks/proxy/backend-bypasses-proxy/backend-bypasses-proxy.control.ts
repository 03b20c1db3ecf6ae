import type { Control } from "../../../core/check.ts";

export const proxyBackendBypassesProxy: Control = {
  id: "proxy.backend-bypasses-proxy",
  title: "The application behind the proxy is not reached past it",
  severity: "high",
  seed: [],
  risk: "Requests straight to the port of the application meet no TLS, no limits and no access rules of the proxy, and forge the headers it trusts.",
  rule: "fail: a port of this machine that nginx hands requests on to is listened to on every address (0.0.0.0, [::]) by something else than nginx. pass: each is on loopback, or nothing is handed on to a port here. unknown: the listening sockets could not be read. A firewall may still keep others out: firewall.* judges that.",
  fix: 'Let the application listen on 127.0.0.1 (gunicorn --bind 127.0.0.1:8000) or a unix socket; compose: "127.0.0.1:8000:8000".',
  references: [
    "https://cwe.mitre.org/data/definitions/1327.html",
    "https://docs.gunicorn.org/en/stable/deploy.html",
  ],
};
