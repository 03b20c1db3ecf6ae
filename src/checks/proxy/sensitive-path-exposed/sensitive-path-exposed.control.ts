import type { Control } from "../../../core/check.ts";

export const proxySensitivePathExposed: Control = {
  id: "proxy.sensitive-path-exposed",
  title: "Backups, logs and repositories are not served",
  severity: "high",
  seed: [],
  risk: "A backup or dump holds the whole database; logs hold sessions and addresses; a repository holds every secret ever committed.",
  rule: "fail: a location serves to everybody a directory of backups, dumps, logs, secrets or a repository, by its own name or by where its root or alias leads. pass: none does.",
  fix: "nginx: deny all; or internal; in the location, or keep such files out of what is served.",
  references: [
    "https://cwe.mitre.org/data/definitions/530.html",
    "https://cwe.mitre.org/data/definitions/532.html",
  ],
};
