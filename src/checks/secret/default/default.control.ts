import type { Control } from "../../../core/check.ts";

export const secretDefault: Control = {
  id: "secret.default",
  title: "No secret in force is one that others publish",
  severity: "critical",
  seed: ["S1.17", "S2.27"],
  risk: "The value stands in a manual or a repository that anyone can read, however long and random it looks: sessions are forged and databases opened with it.",
  rule:
    "No secret of the effective environment, and none written into settings or compose files in force, is a value that a project, an image or a " +
    "manual publishes as its default (a shipped list of hashes), or that this deployment's own sample or README shows. A password that equals " +
    "its user's name warns, and so does a short published password of another compose service.",
  fix: "Generate a value of its own, set it where the message says, and restart what reads it.",
  references: [
    "https://cwe.mitre.org/data/definitions/1392.html",
    "https://cwe.mitre.org/data/definitions/798.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
