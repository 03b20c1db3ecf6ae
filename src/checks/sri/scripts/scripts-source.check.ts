import { defineCheck } from "../../../core/check.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { judgeElements, judgeIntegrity } from "../../template-sources/elements.ts";
import { sriScriptsControl } from "./scripts.control.ts";

export const sriScriptsSource = defineCheck({
  control: sriScriptsControl,
  layer: "source",
  reads: "Script elements of templates and pages of the deployment that name another origin.",
  needs: { source: sourceSettings },

  evaluate: ({ source }) =>
    judgeElements(source, {
      concerns: ({ element }) => element === "script",
      faults: (element) => judgeIntegrity(element, true),
      passes: "Every external script of the templates carries integrity",
      none: "No template loads scripts of another origin",
    }),
});
