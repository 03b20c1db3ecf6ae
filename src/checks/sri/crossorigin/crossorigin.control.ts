import type { Control } from "../../../core/check.ts";

export const sriCrossoriginControl: Control = {
  id: "sri.crossorigin",
  title: "External resources with integrity are loaded with crossorigin=anonymous",
  severity: "low",
  seed: ["S2.86", "S2.90"],
  risk: "Without the attribute browsers refuse the resource, which is why integrity is then taken off again; with credentials, cookies go to the other host.",
  rule: "Applies to scripts, style sheets and preloads of another origin that have an integrity attribute. Passes when each has crossorigin with anonymous or without value. Warns when it is missing, so that browsers block the resource, or is use-credentials. Unknown when a page was not answered or was cut.",
  fix: 'Add crossorigin="anonymous" to the element, and let the other host send Access-Control-Allow-Origin.',
  references: ["https://www.w3.org/TR/sri-2/#cross-origin-data-leakage"],
};
