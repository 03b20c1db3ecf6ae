import type { Control } from "../../../core/check.ts";

export const agentHubReachable: Control = {
  id: "agent.hub-reachable",
  title: "Hub accepts TCP connections",
  severity: "medium",
  seed: ["S1.24", "S1.41"],
  risk: "An agent that cannot reach its hub reports nothing, and an attack on it goes unseen.",
  rule: "On an agent passes when a TCP connection to the host and port of HUB_URL opens within 5 seconds on any of its addresses, whatever HTTP or TLS then say. Warns when it is refused, times out, has no route or the name does not resolve. Not applicable where HUB_URL is no URL; unknown when no connection was tried.",
  fix: "Run curl -v telnet://HOST:PORT on the agent, then open its egress to that port or mend the DNS record.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9293#section-3.5",
    "https://curl.se/docs/manpage.html#-v",
  ],
  compat: { group: "agent", order: 8, check: "hub_reachable", level: "warn" },
};
