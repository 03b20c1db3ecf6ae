import {
  cannotTell,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../core/check.ts";
import {
  type SourceProperty,
  type SourceSetting,
  type SourceSettings,
  settingsOf,
} from "../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "./sourced.ts";

/** What is wrong with one row's value. */
export interface RowFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  /** Continues a sentence that begins with the setting: `is off`. */
  readonly says: string;
}

export interface RowJudgement {
  /** `undefined`: the value is as it should be. */
  readonly faultOf: (value: unknown, row: SourceSetting) => RowFault | undefined;
  /** Paste-ready, for the row that was found. */
  readonly fixOf: (row: SourceSetting) => string;
  readonly passes: string;
  /** Why it does not apply where source sets nothing of the kind. */
  readonly none: string;
}

const PASS_EVIDENCE_MAX = 5;

/** Judges every row of one property: the worst decides, a value that could not be told is no pass. */
export function judgeRows(
  source: SourceSettings,
  property: SourceProperty,
  judgement: RowJudgement,
): Outcome {
  const rows = settingsOf(source, property);
  if (rows.length === 0) return nothingFound(source, judgement.none);
  const findings = rows.flatMap((row) => findingOf(row, judgement));
  return judge(findings, openOf(rows) ?? passOf(rows, judgement.passes));
}

/** A Python file that could not be read may hold what was not found. */
export function nothingFound({ problems }: SourceSettings, none: string): Outcome {
  const hidden = problems.find(({ file }) => file.endsWith(".py"));
  if (hidden === undefined) return notApplicable(none);
  return cannotTell(
    hidden.code ?? "malformed",
    `Nothing of the kind was found, and ${hidden.file} could not be read: ${hidden.detail}`,
  );
}

function findingOf(row: SourceSetting, { faultOf, fixOf }: RowJudgement): readonly Finding[] {
  const { resolved } = row;
  if (resolved.state !== "known") return [];
  const fault = faultOf(resolved.value, row);
  if (fault === undefined) return [];
  return [
    {
      rule: fault.rule,
      status: fault.status,
      ...(row.subject === undefined ? {} : { subject: row.subject }),
      message: `${describeRow(row)} ${fault.says} (${sourcePlace(row)})`,
      fix: fixOf(row),
      evidence: [sourceEvidence(row)],
    },
  ];
}

function openOf(rows: readonly SourceSetting[]): Outcome | undefined {
  const open = rows.find(({ resolved }) => resolved.state !== "known");
  if (open === undefined || open.resolved.state === "known") return undefined;
  const detail = `${describeRow(open)} at ${sourcePlace(open)} is computed at run time: ${open.resolved.reason}`;
  return cannotTell("unsupported", detail);
}

function passOf(rows: readonly SourceSetting[], summary: string): Outcome {
  const [first] = rows;
  const place = first === undefined ? "" : ` (${sourcePlace(first)})`;
  return pass(`${summary}${place}`, rows.slice(0, PASS_EVIDENCE_MAX).map(sourceEvidence));
}

/** `The cookie agentos_session`; without a name what it is for, or the setting's own name. */
export function describeRow({ subject, slug, property }: SourceSetting): string {
  if (subject !== undefined) return `The cookie ${subject}`;
  if (property?.startsWith("session.cookie-")) return "The session cookie";
  return property?.startsWith("csrf.cookie-") ? "The CSRF cookie" : slug;
}
