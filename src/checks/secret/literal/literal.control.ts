import type { Control } from "../../../core/check.ts";

export const secretLiteral: Control = {
  id: "secret.literal",
  title: "No secret is written into source or configuration",
  severity: "high",
  seed: ["S1.9", "S2.28"],
  risk: "Whoever reads the code, a copy, a backup or an image of it has the secret, and a new one needs a release.",
  rule:
    "No file holds a credential in its issuer's form (AWS, Google, GitHub, Slack, Stripe, private keys ...) or a random value bound to a name " +
    "that says secret. Env files and key files outside of version control are where a secret belongs. Samples, tests, fixtures, files for " +
    "development, documentation, comments, docstrings, placeholders and values that later settings override never count. A file that cannot be read leaves it open.",
  fix: "Give the secret a new value at its issuer, read it from the environment (os.environ, process.env) or a secret file, and keep it in an env file outside of version control.",
  references: [
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
    "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
  ],
};
