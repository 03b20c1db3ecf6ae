import type { Control } from "../../../core/check.ts";

export const hubWebhookSignatures: Control = {
  id: "hub.webhook-signatures",
  title: "Every inbound driver verifies signatures",
  severity: "high",
  seed: ["S1.7", "S1.8"],
  risk: "A driver without a secret takes what anybody posts for a genuine alert, and one genuine looking alert hides the real ones.",
  rule: "On a hub, or wherever source has webhook routes, passes when every enabled driver with a signature header has a WEBHOOK_SECRET_<DRIVER> of at least 32 code points and 96 effective bits, or API keys guard every route. Fails for an enabled driver whose secret is unset, empty or weak. Warns for an enabled driver without a known signature. Unknown when the drivers cannot be made out.",
  fix: "Set WEBHOOK_SECRET_<DRIVER> to the secret the sender signs with, at least 32 random characters, or disable the driver.",
  references: [
    "https://cwe.mitre.org/data/definitions/345.html",
    "https://cwe.mitre.org/data/definitions/347.html",
    "https://www.rfc-editor.org/rfc/rfc2104",
  ],
};
