import type { Control } from "../../../core/check.ts";

export const scanNoCritical: Control = {
  id: "scan.no-critical",
  title: "No critical vulnerability is known to be open",
  severity: "high",
  seed: ["S2.115", "S2.126", "S2.178"],
  risk: "What a scanner finds, everybody who runs the same scanner finds.",
  rule: "Applies with a live target. Passes with a valid attestation scan.no-critical, at most 90 days old, that names the scanners and says that no critical finding is open. Fails when findings are open, or it has expired or does not hold. Unknown without one.",
  fix: "Run ZAP, Nikto, nuclei or trivy to the end against the whole target, mend what is critical or high, then: plimsoll attest scan.no-critical --evidence FILE --expires 90d --set scanner=… --set open-criticals=0",
  references: [
    "https://owasp.org/www-project-application-security-verification-standard/",
    "https://owasp.org/www-project-web-security-testing-guide/",
  ],
};
