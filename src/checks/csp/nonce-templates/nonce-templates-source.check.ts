import { defineCheck, type Finding, judge, notApplicable, pass } from "../../../core/check.ts";
import {
  type SourceSetting,
  type SourceSettings,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { boundedFindings } from "../../live-site/bounded-findings.ts";
import { inlineElements, nonceOf, nonceSign } from "../../template-sources/nonces.ts";
import { cspNonceTemplatesControl } from "./nonce-templates.control.ts";

const EVIDENCE_MAX = 20;

export const cspNonceTemplatesSource = defineCheck({
  control: cspNonceTemplatesControl,
  layer: "source",
  reads: "Inline scripts and styles of the templates of the deployment.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const sign = nonceSign(source);
    if (sign === undefined) return nothingFound(source, "No policy with nonces is made here");
    const elements = inlineElements(source);
    if (elements.length === 0)
      return notApplicable("No template of the deployment has an inline script or style");
    const findings = elements.flatMap((row) => findingOf(row, source));
    return judge(
      boundedFindings(findings),
      pass("Every inline script and style carries the nonce", [
        ...elements.slice(0, EVIDENCE_MAX).map(sourceEvidence),
        sourceEvidence(sign),
      ]),
    );
  },
});

function findingOf(row: SourceSetting, source: SourceSettings): readonly Finding[] {
  const nonce = nonceOf(row);
  if (nonce !== "none" && nonce !== "literal") return [];
  const element = row.property === "template.inline-style" ? "<style>" : "<script>";
  const place = sourcePlace(row);
  const isLiteral = nonce === "literal";
  return [
    {
      rule: isLiteral ? "nonce-literal" : "nonce-missing",
      status: isLiteral ? "fail" : "warn",
      subject: element,
      message: isLiteral
        ? `The nonce of ${element} is written out, the same for everybody (${place})`
        : `${element} has no nonce (${place})`,
      fix: `Write nonce="${expressionFor(row, source)}" in ${element} at ${place}`,
      evidence: [sourceEvidence(row)],
    },
  ];
}

/** How the template's engine prints the nonce. */
function expressionFor({ file }: SourceSetting, { read }: SourceSettings): string {
  if (/\.(?:ejs|erb)$/i.test(file)) return "<%= nonce %>";
  if (/\.(?:hbs|handlebars|mustache)$/i.test(file)) return "{{nonce}}";
  return read.includes("django") ? "{{ request.csp_nonce }}" : "{{ csp_nonce }}";
}
