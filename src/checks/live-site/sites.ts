import {
  cannotTell,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
} from "../../core/check.ts";
import { withoutQuery } from "../../core/http-report.ts";
import type { HttpExchange, HttpSide, HttpSite } from "../../core/http-site.ts";
import { boundedFindings } from "./bounded-findings.ts";

/** What one site comes to: findings, and why it may not be called good. */
export interface SiteVerdict {
  readonly findings: readonly Finding[];
  /** A question that got no answer: without a finding the control is then unknown. */
  readonly unanswered?: string;
}

/**
 * Judges every site the control applies to and joins them: a finding decides, else a question without an answer makes
 * it unknown, else `otherwise`. A site for which `judgeOne` gives nothing is none of the control's.
 */
export function judgeSites(
  sites: readonly HttpSite[],
  judgeOne: (site: HttpSite) => SiteVerdict | undefined,
  otherwise: (judged: readonly HttpSite[]) => Outcome,
  inapplicable: string,
): Outcome {
  const verdicts = sites.flatMap((site) => {
    const verdict = judgeOne(site);
    return verdict === undefined ? [] : [{ site, verdict }];
  });
  if (verdicts.length === 0) return notApplicable(inapplicable);
  const judged = verdicts.map(({ site }) => site);
  const open = verdicts.find(({ verdict }) => verdict.unanswered !== undefined);
  const good =
    open === undefined
      ? otherwise(judged)
      : cannotTell("unreachable", unansweredAt(open.site, open.verdict.unanswered ?? ""));
  return judge(
    verdicts.flatMap(({ verdict }) => boundedFindings(verdict.findings)),
    good,
  );
}

/** Names the site once: the reason may begin with its address. */
function unansweredAt(site: HttpSite, why: string): string {
  return why.startsWith(`${showSite(site)}: `) ? why : `${showSite(site)}: ${why}`;
}

/** `https://shop.example.org/`: as asked for, without query. */
export function showSite({ url }: HttpSite): string {
  return withoutQuery(url);
}

/** The address a fact makes up to see an error's page; new with each run. */
const MADE_UP = /\/plimsoll-(?:[0-9a-f]{16}|\*)$/;

/** A page as a message names it. */
export function showPage(url: string): string {
  const shown = withoutQuery(url);
  return MADE_UP.test(shown) ? "the page of a missing address" : shown;
}

/** What one answer showed. */
export function seenIn({ url }: { readonly url: string }, excerpt: string): Evidence {
  return { url: withoutQuery(url), excerpt };
}

/** `301 Location: https://shop.example.org/`, one line a hop. */
export function hopEvidence({ hops }: HttpSide): readonly Evidence[] {
  return hops.map((hop) => seenIn(hop, showAnswer(hop)));
}

export function showAnswer({ status, fields }: HttpExchange): string {
  const location = fields.find(([name]) => name.toLowerCase() === "location")?.[1];
  return location === undefined ? `${status}` : `${status} Location: ${withoutQuery(location)}`;
}

/** Nobody listens there: refused or closed is an answer, silence is none. */
export function isClosed({ end }: HttpSide): boolean {
  if (end.kind !== "no-answer") return false;
  return end.failure.kind === "refused" || end.failure.kind === "reset";
}

/** Why a side gave no answer; `undefined` where it gave one. */
export function silenceOf({ end }: HttpSide): string | undefined {
  return end.kind === "no-answer" ? end.failure.detail : undefined;
}
