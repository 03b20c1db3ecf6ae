import type { Control } from "../../../core/check.ts";

export const launcherBindAddress: Control = {
  id: "launcher.bind-address",
  title: "The application's server binds loopback or a socket",
  severity: "medium",
  seed: [],
  risk: "Whoever reaches the server's own port bypasses the proxy with its TLS, limits and headers.",
  rule: "Passes when every bind that a unit, Procfile or configuration of the server tells is loopback, a private address or a unix socket. Warns for every address and a public one. On a hub hub.bind-address judges it, in containers compose.published-ports; both are not applicable here, as is a deployment that tells no bind.",
  fix: "Bind loopback (gunicorn --bind 127.0.0.1:8000, uvicorn --host 127.0.0.1) or a unix socket, and restart.",
  references: [
    "https://docs.gunicorn.org/en/stable/settings.html#bind",
    "https://cwe.mitre.org/data/definitions/1327.html",
  ],
};
