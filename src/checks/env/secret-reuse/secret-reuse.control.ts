import type { Control } from "../../../core/check.ts";

export const envSecretReuse: Control = {
  id: "env.secret-reuse",
  title: "Secrets are distinct",
  severity: "high",
  seed: ["S2.27"],
  risk: "One leaked value opens every door it was reused for, and a signature made for one purpose is accepted for another.",
  rule: "Every secret-named key of this node has a value of its own. Two keys with one value, or one value that begins with another, warn; two names of one credential (POSTGRES_PASSWORD and DB_PASSWORD) do not.",
  fix: 'Generate one value for each purpose: python3 -c "import secrets; print(secrets.token_urlsafe(64))"',
  references: [
    "https://cwe.mitre.org/data/definitions/323.html",
    "https://cwe.mitre.org/data/definitions/522.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
