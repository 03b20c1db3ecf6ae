import type { Control } from "../../../core/check.ts";

export const respondDisclosurePolicyControl: Control = {
  id: "respond.disclosure-policy",
  title: "Vulnerability disclosure policy published",
  severity: "medium",
  seed: ["S2.166", "S2.181"],
  risk: "Whoever finds a hole and has nobody to tell publishes it, or sells it.",
  rule: "Live: passes when /.well-known/security.txt is served over https with a Contact that is no placeholder and an Expires in the future, less than a year away. Warns when there is none, when another page is answered in its place, when it has expired or expires later, when Contact or Expires is missing, unreadable or a placeholder, or when it comes over http. In source: passes with a SECURITY.md, or a security.txt in date, that names whom to tell; the template, a placeholder and none warn. Does not apply to a target that is not on the public Internet. Unknown when the request got no answer, or a failure of the server.",
  fix: "Serve as text/plain at https://HOST/.well-known/security.txt two lines: Contact: mailto:security@HOST and Expires: a date within a year, as 2027-06-30T00:00:00Z.",
  references: ["https://www.rfc-editor.org/rfc/rfc9116", "https://securitytxt.org/"],
};
