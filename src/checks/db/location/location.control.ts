import type { Control } from "../../../core/check.ts";

export const dbLocation: Control = {
  id: "db.location",
  title: "Database lies in its production place",
  severity: "high",
  seed: ["S2.63", "S2.64", "S2.65", "S2.66", "S2.167"],
  risk: "A database beside the code is lost with the next deployment, and one under a web root is downloaded by whoever guesses its name.",
  rule:
    "A URL names a server, or the path of a SQLite file is absolute and outside the deployment, web roots and directories for temporary " +
    "files. A relative path, one in the deployment, in /tmp or in a container's own layer warns; one under a web root fails.",
  fix: "Set AGENTOS_DB_PATH=/var/lib/agentos/production.sqlite, a directory that only the service's account may enter.",
  references: [
    "https://cwe.mitre.org/data/definitions/552.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
  ],
};
