import type { Control } from "../../../core/check.ts";

export const hubClusterSecret: Control = {
  id: "hub.cluster-secret",
  title: "Hub can verify agent signatures",
  severity: "critical",
  seed: ["S1.7", "S1.26"],
  risk: "With an empty secret the hub skips verification and accepts unsigned pushes from anybody; with a weak one they can be forged.",
  rule: "On a hub of generation 1 (or where no generation can be told) passes when the effective WEBHOOK_SECRET_CLUSTER has at least 32 code points and 96 effective bits and is neither a placeholder nor an unexpanded shell expression; fails otherwise. Not applicable where only generation 2 (API keys) shows; unknown while an unreadable env file may set it.",
  fix: 'Run python3 -c "import secrets; print(secrets.token_urlsafe(48))" and set WEBHOOK_SECRET_CLUSTER to the result on the hub and on every agent.',
  references: [
    "https://cwe.mitre.org/data/definitions/347.html",
    "https://cwe.mitre.org/data/definitions/1391.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  compat: { group: "hub", order: 10, check: "hub_cluster_secret", level: "fail" },
};
