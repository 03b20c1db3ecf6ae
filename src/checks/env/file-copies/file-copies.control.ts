import type { Control } from "../../../core/check.ts";

export const envFileCopies: Control = {
  id: "env.file-copies",
  title: "No stray copies of env files",
  severity: "high",
  seed: ["S1.19"],
  risk: "A forgotten backup gives away the secrets that the original guards, to local accounts or to the whole web.",
  rule:
    "Beside the env files in use stands no .env~, .env.bak, .env.old, .env.save, .env.orig, .env.swp or *.env.dump, or it is closed to others " +
    "and holds no secret. A copy with secrets warns; one that every account can read, or that lies under a web root, fails.",
  fix: "shred -u FILE, and add the pattern (.env.*, *~, *.bak) to .gitignore.",
  references: [
    "https://cwe.mitre.org/data/definitions/530.html",
    "https://cwe.mitre.org/data/definitions/538.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
