import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import type { Problem } from "../../../core/reading.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { exemptionWidth } from "../../limit-exemptions/width.ts";
import { ratelimitTrustedIps } from "./trusted-ips.control.ts";

export const ratelimitTrustedIpsSource = defineCheck({
  control: ratelimitTrustedIps,
  layer: "source",
  reads:
    "Lists of addresses whose name lets them past a limiter (AXES_IP_WHITELIST, RATE_LIMIT_WHITELIST), and what request_filter, exempt_when, skip, allowList and whitelist of limiters compare.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const lists = settingsOf(source, "ratelimit.trusted").filter(isOfAddresses);
    const fields = settingsOf(source, "ratelimit.trusted-field");
    const rows = [...lists, ...fields];
    if (rows.length === 0) return notApplicable("Source lets no address past a limit");
    const findings = [...lists.flatMap(listFinding), ...fields.flatMap(fieldFinding)];
    const problem = rows.map(openOf).find((one) => one !== undefined);
    if (problem !== undefined) return judge(findings, cannotTell(problem.code, problem.detail));
    const shown = lists.map((row) => `${row.value} (${sourcePlace(row)})`).join(", ");
    const summary =
      lists.length === 0
        ? "What lets requests past a limit is not set"
        : `Past the limits goes ${shown}`;
    return judge(findings, pass(summary, rows.map(sourceEvidence)));
  },
});

/** A list in which nothing is an address is one of something else. */
function isOfAddresses({ resolved, ...row }: SourceSetting): boolean {
  if (resolved.state !== "known") return true;
  const entries = entriesOf({ resolved, ...row });
  return entries.length === 0 || entries.some((entry) => exemptionWidth(entry) !== undefined);
}

function entriesOf({ resolved }: SourceSetting): readonly string[] {
  if (resolved.state !== "known") return [];
  const { value } = resolved;
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  return texts.flatMap((text) => text.split(/[\s,;]+/)).filter((text) => text !== "");
}

function openOf(row: SourceSetting): Problem | undefined {
  if (row.resolved.state === "known") return undefined;
  return { code: "unsupported", detail: `${sourcePlace(row)}: ${row.resolved.reason}` };
}

function listFinding(row: SourceSetting): readonly Finding[] {
  const entries = entriesOf(row);
  const wide = entries.filter((entry) => exemptionWidth(entry) === "wide");
  const all = entries.filter((entry) => exemptionWidth(entry) === "everybody");
  if (wide.length + all.length === 0) return [];
  const [variable] = row.variables;
  const where = variable === undefined ? `In ${sourcePlace(row)}` : `In ${variable}`;
  const message =
    all.length > 0
      ? `Everybody goes past the limit: ${all.join(", ")} (${sourcePlace(row)})`
      : `Whole networks go past the limit: ${wide.join(", ").slice(0, 120)} (${sourcePlace(row)})`;
  return [
    {
      rule: all.length > 0 ? "trusted-everybody" : "trusted-wide",
      status: "warn",
      message,
      fix: `${where} list single addresses, or networks no wider than /24 (IPv6: /48), in place of ${[...all, ...wide].join(", ").slice(0, 120)}`,
      evidence: [sourceEvidence(row)],
    },
  ];
}

function fieldFinding(row: SourceSetting): readonly Finding[] {
  if (row.resolved.state !== "known" || row.resolved.value !== true) return [];
  const { subject = "a field" } = row;
  const [variable] = row.variables;
  const fix =
    variable === undefined
      ? `Take the comparison with ${subject} away at ${sourcePlace(row)}`
      : `Take ${variable} out of the environment of production, or the comparison away at ${sourcePlace(row)}`;
  return [
    {
      rule: "trusted-field",
      status: "warn",
      message: `Whoever writes the right ${subject} into a request goes past the limit (${sourcePlace(row)})`,
      fix,
      evidence: [sourceEvidence(row)],
    },
  ];
}
