import type { CspContext } from "./effective.ts";
import type { CspPolicy } from "./policy.ts";
import type { CspWeakness } from "./weakness.ts";
import { directiveWeaknesses } from "./weakness-directives.ts";
import { sourceWeaknesses, type WeaknessDraft } from "./weakness-sources.ts";

/** Weaknesses told of one policy; more of them say no more. */
export const WEAKNESS_COUNT_MAX = 500;

/**
 * What a set of policies lets through that a policy is there to stop, each with the directive and source
 * expression it comes from. Policies in report-only mode are judged as well, so that they can be told of before
 * they are enforced; they mitigate nothing. In order of policies, then of kinds of weakness.
 */
export function weaknesses(
  policies: readonly CspPolicy[],
  context: CspContext,
): readonly CspWeakness[] {
  return policies.flatMap((policy, policyIndex) =>
    [...directiveWeaknesses(policy, context), ...sourceWeaknesses(policy, context)]
      .slice(0, WEAKNESS_COUNT_MAX)
      .map((draft) => place(draft, policyIndex, policies)),
  );
}

function place(
  { isLetThroughBy, ...weakness }: WeaknessDraft,
  policyIndex: number,
  policies: readonly CspPolicy[],
): CspWeakness {
  const mitigatedBy =
    isLetThroughBy === undefined
      ? -1
      : policies.findIndex(
          (other, index) =>
            index !== policyIndex && other.disposition === "enforce" && !isLetThroughBy(other),
        );
  return { ...weakness, policyIndex, ...(mitigatedBy < 0 ? {} : { mitigatedBy }) };
}
