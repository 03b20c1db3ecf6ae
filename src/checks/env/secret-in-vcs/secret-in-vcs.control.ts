import type { Control } from "../../../core/check.ts";

export const envSecretInVcs: Control = {
  id: "env.secret-in-vcs",
  title: "No live secret is in version control or an image layer",
  severity: "critical",
  seed: ["S1.9", "S2.28"],
  risk: "Everyone with the repository or the image has the secret, and deleting it later does not take it back.",
  rule:
    "No env file in use is tracked, and no live secret stands in a tracked file, a sample, a Dockerfile, a compose or unit literal or a " +
    "settings literal. An env file that is neither tracked nor ignored warns. With an unreadable index only the work tree is judged. With --deep the history of git is searched as well.",
  fix: "Rotate the value, run git rm --cached .env, add .env to .gitignore and .dockerignore, and hand it over with EnvironmentFile= or compose secrets.",
  references: [
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://cwe.mitre.org/data/definitions/538.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
