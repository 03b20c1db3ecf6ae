import type { Control } from "../../../core/check.ts";

export const ciSecurityScanners: Control = {
  id: "ci.security-scanners",
  title: "CI runs the agreed scanners, and their findings stop it",
  severity: "medium",
  seed: ["S1.9"],
  risk: "A known hole, a committed secret or a dangerous call reaches production because nothing looked for it, or because the finding stopped nothing.",
  rule: "Applies where files of continuous integration are part of the deployment's source (GitHub Actions, GitLab, Jenkins, CircleCI, Azure, Bitbucket and the like). Passes when a scanner for each of code (bandit, semgrep, CodeQL), dependencies (pip-audit, osv-scanner, npm audit, safety), secrets (detect-secrets, gitleaks, trufflehog) and images (trivy, grype) runs in a job that a push or merge request to the default branch reaches, and can fail it. Scripts, make targets, npm scripts and pre-commit hooks that a job runs are followed. Warns when one is missing, runs by hand or on a schedule only, is switched off (if: false), is allowed to fail (continue-on-error, allow_failure, || true), or has no option by which findings make it fail. Unknown when a file does not parse and a scanner may stand in it.",
  fix: "Add the missing step to the job that runs on push and pull_request: bandit -r ., pip-audit, detect-secrets-hook --baseline .secrets.baseline, trivy fs --exit-code 1 .",
  references: [
    "https://owasp.org/www-project-application-security-verification-standard/",
    "https://cwe.mitre.org/data/definitions/1395.html",
    "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax",
  ],
};
