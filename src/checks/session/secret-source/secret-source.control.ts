import type { Control } from "../../../core/check.ts";

export const sessionSecretSourceControl: Control = {
  id: "session.secret-source",
  title: "The key that signs sessions comes from the environment",
  severity: "critical",
  seed: ["S2.28"],
  risk: "Everyone who has the source has the key, and writes sessions for every deployment that did not set its own.",
  rule: "Source: passes when the key resolves to an environment variable or secret file and the code has nothing to fall back to, or to one that the program makes once and keeps in a file. Warns when it falls back to a value made at every start, as sessions end then and workers disagree. Fails when it is a literal, or falls back to one. Does not apply where source sets up no session that a key signs. Unknown when the expression cannot be told.",
  fix: 'Starlette: secret_key=os.environ["SESSION_SECRET_KEY"]; Flask: app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]; express-session: secret: process.env.SESSION_SECRET, with an error where it is unset.',
  references: [
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://cwe.mitre.org/data/definitions/321.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
