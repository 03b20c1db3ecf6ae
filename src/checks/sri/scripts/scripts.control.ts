import type { Control } from "../../../core/check.ts";

export const sriScriptsControl: Control = {
  id: "sri.scripts",
  title: "External scripts carry integrity",
  severity: "low",
  seed: ["S2.85", "S2.86", "S2.88"],
  risk: "Whoever takes over the host that serves the script runs code in every visitor's session.",
  rule: "Applies where a fetched page, or a template of the deployment, loads scripts of another origin, a sibling host included. Passes when each has a well-formed sha256, sha384 or sha512 integrity. Warns when one has none, a malformed one, or none but sha1 or md5. Fails when one without it is loaded over http or by a protocol-relative address. Scripts that scripts add are not seen; that a page has such code is told. Unknown when a page was not answered or was cut.",
  fix: 'Add integrity="sha384-..." crossorigin="anonymous": curl -s URL | openssl dgst -sha384 -binary | openssl base64 -A; or serve the file from your own origin.',
  references: [
    "https://www.w3.org/TR/sri-2/",
    "https://cwe.mitre.org/data/definitions/353.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
