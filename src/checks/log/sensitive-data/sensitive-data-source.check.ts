import { defineCheck, type Finding, judge, notApplicable, pass } from "../../../core/check.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { logSensitiveData } from "./sensitive-data.control.ts";

export const logSensitiveDataSource = defineCheck({
  control: logSensitiveData,
  layer: "source",
  reads: "Statements of the application's source that write into the log.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    if (source.read.length === 0) return notApplicable("No application's source was found");
    const rows = settingsOf(source, "log.sensitive");
    const hidden = nothingFound(source, "");
    if (rows.length === 0 && hidden.status === "unknown") return hidden;
    return judge(
      rows.map(findingOf),
      pass("No statement of the source writes a secret into the log"),
    );
  },
});

function findingOf(row: SourceSetting): Finding {
  const name = row.resolved.state === "known" ? String(row.resolved.value) : row.value;
  const place = sourcePlace(row);
  return {
    rule: "secret-logged",
    status: "warn",
    subject: name,
    message: `${name} is written into the log (${place})`,
    fix: `Take ${name} out of the statement at ${place}: log that it was there, not what it was`,
    evidence: [sourceEvidence(row)],
  };
}
