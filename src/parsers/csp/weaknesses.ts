import type { CspContext } from "./effective.ts";
import type { CspPolicy } from "./policy.ts";
import type { CspWeakness } from "./weakness.ts";
import { directiveWeaknesses } from "./weakness-directives.ts";
import { sourceWeaknesses, type WeaknessDraft } from "./weakness-sources.ts";

/** Weaknesses of one rule told of one policy; more of them say no more. */
export const WEAKNESS_COUNT_MAX = 10;
/** Enforced policies asked whether they mitigate; with more of them a weakness stands, which errs to the safe side. */
export const MITIGATION_COUNT_MAX = 10;

/**
 * What a set of policies lets through that a policy is there to stop, each with the directive and source
 * expression it comes from. Policies in report-only mode are judged as well, so that they can be told of before
 * they are enforced; they mitigate nothing. In order of policies, then of kinds of weakness.
 */
export function weaknesses(
  policies: readonly CspPolicy[],
  context: CspContext,
): readonly CspWeakness[] {
  const enforced = policies
    .map((policy, index) => ({ policy, index }))
    .filter(({ policy }) => policy.disposition === "enforce")
    .slice(0, MITIGATION_COUNT_MAX);
  return policies.flatMap((policy, policyIndex) => {
    const counts = new Map<string, number>();
    return [...directiveWeaknesses(policy, context), ...sourceWeaknesses(policy, context)]
      .filter(({ rule }) => {
        const count = (counts.get(rule) ?? 0) + 1;
        counts.set(rule, count);
        return count <= WEAKNESS_COUNT_MAX;
      })
      .map((draft) => place(draft, policyIndex, enforced));
  });
}

function place(
  { isLetThroughBy, ...weakness }: WeaknessDraft,
  policyIndex: number,
  enforced: readonly { readonly policy: CspPolicy; readonly index: number }[],
): CspWeakness {
  const other =
    isLetThroughBy === undefined
      ? undefined
      : enforced.find(({ policy, index }) => index !== policyIndex && !isLetThroughBy(policy));
  return { ...weakness, policyIndex, ...(other === undefined ? {} : { mitigatedBy: other.index }) };
}
