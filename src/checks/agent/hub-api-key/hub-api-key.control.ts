import type { Control } from "../../../core/check.ts";

export const agentHubApiKey: Control = {
  id: "agent.hub-api-key",
  title: "Agent authenticates with an API key (generation 2)",
  severity: "critical",
  seed: ["S1.23"],
  risk: "Whoever guesses the key pushes reports in the agent's name, and without one the hub cannot tell agents apart.",
  rule: "On an agent with signs of generation 2 passes when the effective HUB_API_KEY has at least 32 code points and 96 effective bits and is no placeholder. Warns for 20 to 31 code points with the same 3 bits for each. Fails when it is empty, shorter, weak or a placeholder. Unknown while an unreadable env file may set it.",
  fix: "On the hub run manage.py create_api_key --name AGENT and put the printed key into HUB_API_KEY on the agent.",
  references: [
    "https://cwe.mitre.org/data/definitions/1391.html",
    "https://cwe.mitre.org/data/definitions/306.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  compat: { group: "agent", order: 7, check: "hub_api_key", level: "fail" },
};
