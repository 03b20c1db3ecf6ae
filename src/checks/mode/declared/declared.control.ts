import type { Control } from "../../../core/check.ts";

export const modeDeclared: Control = {
  id: "mode.declared",
  title: "Deployment mode can be told without doubt",
  severity: "medium",
  seed: ["S1.3", "S1.13", "S1.14", "S1.15", "S1.16"],
  risk: "A node that is taken for something else is audited without the checks of its role, and its open doors go unseen.",
  rule:
    "The roles follow from HUB_URL (not empty: agent), CLUSTER_ENABLED and API_KEY_AUTH_ENABLED (exactly 1: hub), and nothing contradicts them. A " +
    "switch with another word for on, a push job without HUB_URL, a served ingest route with a cluster secret on a node that is no hub, an API that " +
    "demands keys by its default only, and a HUB_URL that points to this node while it is no hub warn.",
  fix: "Set CLUSTER_ENABLED=1 (or API_KEY_AUTH_ENABLED=1) on a hub and HUB_URL on an agent, and remove the variables and jobs of a role the node does not have.",
  references: ["https://cwe.mitre.org/data/definitions/16.html"],
};
