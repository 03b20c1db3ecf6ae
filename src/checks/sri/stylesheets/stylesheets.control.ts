import type { Control } from "../../../core/check.ts";

export const sriStylesheetsControl: Control = {
  id: "sri.stylesheets",
  title: "External style sheets carry integrity",
  severity: "low",
  seed: ["S2.89"],
  risk: "Whoever takes over the host that serves the style sheet draws what they like over the page and reads what its fields hold.",
  rule: "Applies where a fetched page, or a template of the deployment, loads style sheets of another origin. Passes when each has a well-formed sha256, sha384 or sha512 integrity. Warns when one has none, a malformed one, or none but sha1 or md5. Unknown when a page was not answered or was cut.",
  fix: 'Add integrity="sha384-..." crossorigin="anonymous"; where the host answers each browser differently (fonts.googleapis.com), serve the sheet and its fonts from your own origin.',
  references: ["https://www.w3.org/TR/sri-2/", "https://cwe.mitre.org/data/definitions/353.html"],
};
