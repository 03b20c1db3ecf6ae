import type { Control } from "../../../core/check.ts";

export const agentHubHttps: Control = {
  id: "agent.hub-https",
  title: "Pushes travel over TLS",
  severity: "critical",
  seed: ["S1.5", "S1.22", "S1.33"],
  risk: "Whoever shares a network with the agent reads its reports and credentials, and answers in the hub's place.",
  rule: "Passes when HUB_URL parses as a URL with the scheme https and a host. Warns for http to a loopback host. Fails for http to any other host, private networks included, for another scheme, and for text that is no URL. Not applicable without HUB_URL; unknown while the env file that may set it is unreadable.",
  fix: "Give the hub a certificate first (hub.https-termination), then set HUB_URL=https://HOST on the agent and restart it.",
  references: [
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  compat: { group: "agent", order: 6, check: "hub_tls", level: "fail" },
};
