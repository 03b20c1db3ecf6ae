import type { Control } from "../../../core/check.ts";

export const hubBindAddress: Control = {
  id: "hub.bind-address",
  title: "Application port is not exposed publicly",
  severity: "high",
  seed: ["S1.27", "S2.134"],
  risk: "Whoever reaches the application's own port bypasses the proxy with its TLS, limits and headers, and can forge client addresses.",
  rule: "On a hub passes when every listener of the application is on loopback, a unix socket or a private address (RFC 1918, RFC 4193, RFC 6598, link-local). Warns for a listener, a bind option or a published compose port on every address or a public one; inside a container the published port decides. Unknown without listeners and bind configuration, or when no listener belongs to the application.",
  fix: 'Bind the application to loopback (gunicorn --bind 127.0.0.1:8000, uvicorn --host 127.0.0.1) or to a unix socket; publish compose ports as "127.0.0.1:8000:8000"; then restart it.',
  references: [
    "https://cwe.mitre.org/data/definitions/1327.html",
    "https://cwe.mitre.org/data/definitions/668.html",
    "https://docs.gunicorn.org/en/stable/settings.html#bind",
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw",
  ],
  compat: { group: "hub", order: 11, check: "bind_address", level: "warn" },
};
