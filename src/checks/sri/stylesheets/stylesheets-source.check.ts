import { defineCheck } from "../../../core/check.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { judgeElements, judgeIntegrity } from "../../template-sources/elements.ts";
import { sriStylesheetsControl } from "./stylesheets.control.ts";

export const sriStylesheetsSource = defineCheck({
  control: sriStylesheetsControl,
  layer: "source",
  reads: "Style sheet links of templates and pages of the deployment that name another origin.",
  needs: { source: sourceSettings },

  evaluate: ({ source }) =>
    judgeElements(source, {
      concerns: ({ element }) => element === "stylesheet",
      faults: (element) => judgeIntegrity(element, false),
      passes: "Every external style sheet of the templates carries integrity",
      none: "No template loads style sheets of another origin",
    }),
});
