import type { Control } from "../../../core/check.ts";

export const agentClusterSecret: Control = {
  id: "agent.cluster-secret",
  title: "Agent signs with a strong HMAC secret",
  severity: "critical",
  seed: ["S1.7", "S1.23", "S1.33"],
  risk: "Whoever guesses the secret forges the agent's pushes, and without one nothing is signed at all.",
  rule: "On an agent of generation 1 (or where no generation can be told) passes when the effective WEBHOOK_SECRET_CLUSTER has at least 32 code points and 96 effective bits and is neither a placeholder nor an unexpanded shell expression; fails otherwise. Not applicable where only generation 2 (API keys) shows; unknown while an unreadable env file may set it.",
  fix: 'Run python3 -c "import secrets; print(secrets.token_urlsafe(48))" and set WEBHOOK_SECRET_CLUSTER to the result on the hub and on the agent.',
  references: [
    "https://cwe.mitre.org/data/definitions/326.html",
    "https://cwe.mitre.org/data/definitions/1391.html",
    "https://cwe.mitre.org/data/definitions/347.html",
    "https://www.rfc-editor.org/rfc/rfc2104#section-3",
  ],
  compat: { group: "agent", order: 7, check: "cluster_secret", level: "fail" },
};
