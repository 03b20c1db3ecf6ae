import type { Control } from "../../../core/check.ts";

export const envSecretUnexpanded: Control = {
  id: "env.secret-unexpanded",
  title: "No secret is an unexecuted shell expression",
  severity: "critical",
  seed: ["S1.17", "S2.167"],
  risk: "The text of the expression is the key: everyone who read the same instructions knows it.",
  rule:
    "No secret-named key of an env file holds $(, backticks or an unset ${NAME}. It fails where a dotenv library, systemd or compose " +
    "reads the file, since they execute nothing; where only a shell sources it the expression runs, yet gives another secret at each start, and warns.",
  fix: `Generate the value once and store the result: printf 'SESSION_SECRET_KEY=%s\\n' "$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')" >> .env`,
  references: [
    "https://cwe.mitre.org/data/definitions/1188.html",
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
