import { type CspExplanation, explainFor } from "../../parsers/csp/explain.ts";
import type { InlineNeed, LoadNeed, PageNeeds } from "../../parsers/csp/page-needs.ts";
import { type CspPolicy, directiveOf } from "../../parsers/csp/policy.ts";
import { type CspPage, directiveEvidence, judgedPolicies } from "./csp-pages.ts";
import type { PageFault } from "./page-faults.ts";

/** Directives whose loads stand in the markup; what scripts and sheets load later (connect, image, font) does not. */
const SEEN_DIRECTIVES: ReadonlySet<string> = new Set([
  "script-src",
  "script-src-elem",
  "style-src",
  "style-src-elem",
  "frame-src",
  "object-src",
]);
/** Blocked things told of one page; a page whose policy blocks all of it says no more than its first twenty. */
const BLOCKS_MAX = 20;

/** Unused sources told of one page, likewise. Each quotes its directive, which may be as long as a header. */
export const UNUSED_MAX = 20;

/** A page, what it needs, and how its policies meet that. */
interface Fit {
  readonly page: CspPage;
  readonly policies: readonly CspPolicy[];
  readonly explanation: CspExplanation;
}

/** Where the pages and their policies disagree: what is blocked, and hosts that no page makes use of. */
export function fitFaults(
  pages: readonly (readonly [page: CspPage, needs: PageNeeds])[],
  fix: string,
): readonly PageFault[] {
  const fits = pages.map(([page, needs]): Fit => {
    const policies = judgedPolicies(page);
    return { page, policies, explanation: explainFor(needs, policies) };
  });
  return [...fits.flatMap((fit) => blockFaults(fit, fix)), ...unusedFaults(fits)];
}

function blockFaults({ page, policies, explanation }: Fit, fix: string): readonly PageFault[] {
  return explanation.blocks.slice(0, BLOCKS_MAX).flatMap(({ policyIndex, directive, need }) => {
    const policy = policies[policyIndex];
    if (policy === undefined) return [];
    const quoted = directiveEvidence(page, policy, directive);
    const verb = policy.disposition === "report" ? "would block" : "blocks";
    return [
      {
        rule: "page-blocked",
        status: "warn",
        subject: `${directive.name} ${need.kind} ${originOf(need)}`,
        what: `${directive.name} ${verb} what the page needs, ${need.kind} ${originOf(need)}`.trim(),
        fix: fixFor(need, directive.name, fix),
        evidence: { ...quoted, excerpt: `${need.where}; ${quoted.excerpt}` },
      },
    ];
  });
}

function originOf(need: InlineNeed | LoadNeed): string {
  if (!("url" in need)) return "";
  const { origin, protocol } = new URL(need.url);
  return origin === "null" ? protocol : origin;
}

function fixFor(need: InlineNeed | LoadNeed, directive: string, fix: string): string {
  if ("url" in need)
    return `Add ${originOf(need)} to ${directive}, or take it off the page; ${fix}`;
  if (need.kind === "script" || need.kind === "style") {
    return `Give the element the answer's nonce, or add '${need.hashes[0]}' to ${directive}; ${fix}`;
  }
  return `Move the code to a file; ${fix}`;
}

/** A host is unused where no page that came with it in the same directive makes use of it. */
function unusedFaults(fits: readonly Fit[]): readonly PageFault[] {
  const used = new Set(fits.flatMap(usedSources));
  return fits.flatMap(({ page, policies, explanation }) => {
    const unused = explanation.unused.filter(
      ({ directive, source }) =>
        !source.startsWith("'") &&
        SEEN_DIRECTIVES.has(directive) &&
        !used.has(`${directive} ${source}`),
    );
    return unused.slice(0, UNUSED_MAX).flatMap(({ policyIndex, directive, source }) => {
      const policy = policies[policyIndex];
      if (policy === undefined) return [];
      return [
        {
          rule: "unused-source",
          status: "warn" as const,
          subject: `${directive} ${source}`,
          what: `${directive} allows ${source}, from which no fetched page loads anything`,
          fix: `Take ${source} out of ${directive}; if another page needs it, look at that page as well (--path)`,
          evidence: directiveEvidence(page, policy, directiveOf(policy, directive)),
        },
      ];
    });
  });
}

function usedSources({ policies, explanation }: Fit): readonly string[] {
  const unused = new Set(
    explanation.unused.map((each) => `${each.policyIndex} ${each.directive} ${each.source}`),
  );
  return policies.flatMap((policy, policyIndex) =>
    policy.directives.flatMap(({ name, sources }) =>
      sources
        .filter(({ text }) => !unused.has(`${policyIndex} ${name} ${text}`))
        .map(({ text }) => `${name} ${text}`),
    ),
  );
}
