import { defineCheck } from "../../../core/check.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { judgeElements, type TemplateElement } from "../../template-sources/elements.ts";
import { sriCrossoriginControl } from "./crossorigin.control.ts";

export const sriCrossoriginSource = defineCheck({
  control: sriCrossoriginControl,
  layer: "source",
  reads:
    "Elements of templates and pages of the deployment that have integrity and name another origin.",
  needs: { source: sourceSettings },

  evaluate: ({ source }) =>
    judgeElements(source, {
      concerns: ({ integrity }) => integrity !== undefined,
      faults: originFaults,
      passes: "Every external resource with integrity is loaded without credentials",
      none: "No template loads a resource of another origin with integrity",
    }),
});

function originFaults({ crossorigin, url, place }: TemplateElement) {
  const fix = `Write crossorigin="anonymous" in the element at ${place}`;
  if (crossorigin === undefined) {
    const what = `A resource of ${url.host} has integrity without crossorigin, so that browsers block it`;
    return [{ rule: "crossorigin-missing", status: "warn" as const, what, fix }];
  }
  if (crossorigin.toLowerCase() !== "use-credentials") return [];
  const what = `A resource of ${url.host} is loaded with the visitor's credentials`;
  return [{ rule: "with-credentials", status: "warn" as const, what, fix }];
}
