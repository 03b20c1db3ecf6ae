import { type Check, type Control, notApplicable, type Outcome } from "../../core/check.ts";
import type { OpenNeeds, Readings } from "../../core/fact.ts";
import { attestations } from "../../facts/attestations.fact.ts";
import { clock } from "../../facts/clock.fact.ts";
import type { Condition } from "./conditions.ts";
import type { AttestItem } from "./item.ts";
import { type PentestArea, requireItem } from "./items.ts";
import { judgeAttested, NOBODY_ATTESTS } from "./judge-attested.ts";

export interface AttestedCheck<W extends OpenNeeds> {
  readonly control: Control;
  /** The item of the same name where it is left out. */
  readonly item?: string;
  readonly when: Condition<W>;
  /** A penetration test with this area in its scope says the same. */
  readonly area?: PentestArea;
}

const NEEDS = { clock };
type Needs = typeof NEEDS;
type Wants<W extends OpenNeeds> = W & { readonly attestations: typeof attestations };

/** The attested layer of a control: a signed statement of a person, judged by the rule of its item. */
export function attestedCheck<W extends OpenNeeds>({
  control,
  item: name = control.id,
  when,
  area,
}: AttestedCheck<W>): Check<Needs, Wants<W>> {
  const item = requireItem(name);
  return {
    control,
    layer: "attested",
    reads: readsOf(item, area),
    needs: NEEDS,
    wants: { ...when.wants, attestations },
    evaluate({ clock: { nowMs } }, readings): Outcome {
      // Both are among the wants; the compiler does not see through the generic intersection.
      const given = readings as unknown as Readings<W & { attestations: typeof attestations }>;
      const { attestations: read } = given as unknown as Readings<{
        attestations: typeof attestations;
      }>;
      const whyNot = when.whyNot(given as unknown as Readings<W>);
      if (whyNot !== undefined && when.isOfAudit !== true) return notApplicable(whyNot);
      const otherwise = area && { item: requireItem("pentest"), scope: area };
      const outcome = judgeAttested({
        item,
        attestations: read,
        nowMs,
        ...(otherwise !== undefined && { otherwise }),
      });
      return whyNot !== undefined && isSilent(outcome) ? notApplicable(whyNot) : outcome;
    },
  };
}

/** Nobody says anything; an attestation that does not count is told all the same. */
function isSilent(outcome: Outcome): boolean {
  return outcome.status === "unknown" && outcome.problem.detail === NOBODY_ATTESTS;
}

export function readsOf({ id, daysMax }: AttestItem, area?: PentestArea): string {
  const or = area === undefined ? "" : `, or of a penetration test whose scope has ${area}`;
  return `Signed attestations of ${id}${or} in .plimsoll/attestations, at most ${daysMax} days old.`;
}
