import type { CspDecision, CspVerdict } from "./effective.ts";
import { allowsInline } from "./inline.ts";
import {
  type InlineNeed,
  inlineOf,
  type LoadNeed,
  type PageNeeds,
  requestOf,
} from "./page-needs.ts";
import type { CspDirective, CspPolicy } from "./policy.ts";
import { allowsRequest } from "./request.ts";

/** Something the page needs that a policy blocks. */
export interface CspBlock {
  readonly policyIndex: number;
  /** `report`: the policy would block it once enforced. */
  readonly disposition: "enforce" | "report";
  readonly directive: CspDirective;
  readonly need: InlineNeed | LoadNeed;
}

export interface CspExplanation {
  /** In the order of the page's needs, then of policies. */
  readonly blocks: readonly CspBlock[];
  /** Source expressions of fetch directives, by policy, that no need of the page made use of. */
  readonly unused: readonly {
    readonly policyIndex: number;
    readonly directive: string;
    readonly source: string;
  }[];
}

/** What each policy blocks of what the page needs, and which sources it names in vain. */
export function explainFor(page: PageNeeds, policies: readonly CspPolicy[]): CspExplanation {
  const context = { self: page.url };
  const asked: readonly (readonly [InlineNeed | LoadNeed, CspVerdict])[] = [
    ...page.inline.map((need) => [need, allowsInline(policies, inlineOf(need))] as const),
    ...page.loads.map((need) => [need, allowsRequest(policies, requestOf(need), context)] as const),
  ];
  const used = new Set<string>();
  const blocks = asked.flatMap(([need, { decisions }]) =>
    decisions.flatMap((decision) => {
      if (decision.source !== undefined)
        used.add(keyOf(decision.policyIndex, decision.source.offset));
      return blockOf(decision, need, policies);
    }),
  );
  return { blocks, unused: unusedSources(policies, used) };
}

function blockOf(
  { allowed, policyIndex, directive }: CspDecision,
  need: InlineNeed | LoadNeed,
  policies: readonly CspPolicy[],
): readonly CspBlock[] {
  const disposition = policies[policyIndex]?.disposition;
  if (allowed || directive === undefined || disposition === undefined) return [];
  return [{ policyIndex, disposition, directive, need }];
}

function keyOf(policyIndex: number, offset: number): string {
  return `${policyIndex} ${offset}`;
}

function unusedSources(
  policies: readonly CspPolicy[],
  used: ReadonlySet<string>,
): CspExplanation["unused"] {
  return policies.flatMap((policy, policyIndex) =>
    policy.directives
      .filter(({ kind, ignored }) => kind === "fetch" && ignored === undefined)
      .flatMap(({ name, sources }) =>
        sources
          .filter(({ expression: { kind } }) => kind === "host" || kind === "hash")
          .filter(({ offset }) => !used.has(keyOf(policyIndex, offset)))
          .map(({ text }) => ({ policyIndex, directive: name, source: text })),
      ),
  );
}
