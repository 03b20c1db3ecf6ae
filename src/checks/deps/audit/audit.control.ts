import type { Control } from "../../../core/check.ts";

export const depsAudit: Control = {
  id: "deps.audit",
  title: "Dependencies have no known vulnerabilities",
  severity: "high",
  seed: ["S1.9", "S1.21", "S2.185"],
  risk: "Published vulnerabilities come with published exploits, and scanners try them on every host.",
  rule: "Passes when for every ecosystem with a manifest an auditor (pip-audit, npm audit, osv-scanner, an imported report of at most 7 days, or an OSV index of at most 30 days) completed, examined at least one package and found nothing. Warns for any vulnerability, for a report older than 7 days and an index older than 30; what only development needs is noted. Not applicable without manifest, lock file or virtual environment. Unknown when no auditor gave a result that parses, it examined nothing, or could not examine all there is.",
  fix: "Run uv run pip-audit --fix or npm audit fix, or upgrade the named packages; install an auditor where there is none, or give it advisories: plimsoll osv import FILE.",
  references: [
    "https://cwe.mitre.org/data/definitions/1395.html",
    "https://cwe.mitre.org/data/definitions/937.html",
    "https://pypi.org/project/pip-audit/",
    "https://docs.npmjs.com/cli/commands/npm-audit",
  ],
  unknownExit: "neutral",
  compat: { group: "common", order: 5, check: "dependencies", level: "warn" },
};
