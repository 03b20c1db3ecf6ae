import type { Evidence, Finding } from "../../core/check.ts";
import type { AnswerFault } from "../live-headers/judge-answers.ts";
import { showPage } from "../live-site/sites.ts";

/** One thing that is wrong on one page. */
export interface PageFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  /** What tells two faults of one rule apart: a directive, a source. */
  readonly subject?: string;
  /** What is, a sentence that the pages' addresses complete: `no policy is sent`. */
  readonly what: string;
  readonly fix: string;
  readonly evidence: Evidence;
}

/** The fault of an answer that no page came with; its fix is the control's. */
export function answerFault({ rule, status, what, subject }: PageFault): AnswerFault {
  return { rule, status, what, ...(subject !== undefined && { subject }) };
}

/** Pages named in a message, and pieces of evidence kept of one finding. */
const NAMED_MAX = 3;
const EVIDENCE_MAX = 20;

/** The same fault on several pages is one finding that names each of them. */
export function faultFindings(faults: readonly PageFault[]): readonly Finding[] {
  const groups = new Map<string, [PageFault, ...PageFault[]]>();
  for (const fault of faults) {
    const key = JSON.stringify([fault.rule, fault.status, fault.subject, fault.what]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fault]);
    else group.push(fault);
  }
  return [...groups.values()].map(asFinding);
}

function asFinding([first, ...others]: readonly [PageFault, ...PageFault[]]): Finding {
  const { rule, status, subject, what, fix, evidence } = first;
  const urls = [...new Set([first, ...others].flatMap((each) => each.evidence.url ?? []))];
  const more = urls.length > NAMED_MAX ? ` and ${urls.length - NAMED_MAX} more` : "";
  return {
    rule,
    status,
    ...(subject !== undefined && { subject }),
    message: `${what}: ${urls.slice(0, NAMED_MAX).map(showPage).join(", ")}${more}`,
    fix,
    evidence: [evidence, ...distinct(evidence, others)],
  };
}

function distinct(first: Evidence, others: readonly PageFault[]): readonly Evidence[] {
  const seen = new Set([JSON.stringify(first)]);
  return others
    .map(({ evidence }) => evidence)
    .filter((evidence) => {
      const key = JSON.stringify(evidence);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .slice(0, EVIDENCE_MAX - 1);
}
