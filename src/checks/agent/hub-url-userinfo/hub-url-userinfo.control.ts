import type { Control } from "../../../core/check.ts";

export const agentHubUrlUserinfo: Control = {
  id: "agent.hub-url-userinfo",
  title: "No credentials inside HUB_URL",
  severity: "high",
  seed: ["S1.22"],
  risk: "URLs end up in logs, error reports and process lists, and a credential in one goes with them.",
  rule: "Passes when HUB_URL has neither userinfo nor a query parameter named like a credential (token, key, secret, sig). Warns when it has; fails for userinfo over plain http. Not applicable without HUB_URL; unknown while the env file that may set it is unreadable.",
  fix: "Take the credential out of HUB_URL, put it into WEBHOOK_SECRET_CLUSTER or HUB_API_KEY, and replace it: it has been in logs.",
  references: [
    "https://cwe.mitre.org/data/definitions/522.html",
    "https://cwe.mitre.org/data/definitions/598.html",
    "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
  ],
};
