import type { Control } from "../../../core/check.ts";

export const sessionSecretStrengthControl: Control = {
  id: "session.secret-strength",
  title: "The key that signs sessions is strong, unique and no default",
  severity: "critical",
  seed: ["S2.27", "S2.29", "S2.30", "S2.167", "S2.170"],
  risk: "Whoever guesses the key writes sessions of his own and is whoever he wants to be.",
  rule: "Source: passes when the key in force has at least 43 characters (token_urlsafe(32)) and 128 effective bits, is no placeholder and no other secret of the environment. Warns for 32 to 42 characters that are otherwise good, or where it looks typed. Fails when it is missing, empty, shorter, weak, a placeholder, holds a shell expression that nobody expands, or is used elsewhere as well. Does not apply where source sets up no session that a key signs (Django's own is env.secret-key). Unknown when the value cannot be told.",
  fix: 'Set SESSION_SECRET_KEY to the output of: python3 -c "import secrets; print(secrets.token_urlsafe(64))"',
  references: [
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://cwe.mitre.org/data/definitions/330.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
