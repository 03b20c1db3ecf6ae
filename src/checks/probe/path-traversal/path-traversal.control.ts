import type { Control } from "../../../core/check.ts";

export const probePathTraversal: Control = {
  id: "probe.path-traversal",
  title: "Path traversal attempts fail",
  severity: "high",
  seed: ["S2.122"],
  risk: "A path with .. in it gives out files of the server: keys, passwords, source.",
  rule: "Applies with a live target. Passes with a valid attestation probe.path-traversal, or of a penetration test whose scope has path-traversal, at most 365 days old. Fails when it has expired or does not hold. Unknown without one. proxy.alias-traversal reads the proxy's part in it.",
  fix: "Serve files from one directory by a route that resolves and compares the path; nginx: location /static/ { alias …/; }. Have it tested, then: plimsoll attest probe.path-traversal --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/22.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
