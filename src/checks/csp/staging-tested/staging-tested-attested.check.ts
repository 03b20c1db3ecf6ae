import { cannotTell, defineCheck, notApplicable } from "../../../core/check.ts";
import { attestations } from "../../../facts/attestations.fact.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { cspPolicies } from "../../../facts/csp-policies.fact.ts";
import { requireItem } from "../../attested/items.ts";
import { judgeAttested } from "../../attested/judge-attested.ts";
import { cspStagingTested } from "./staging-tested.control.ts";

export const cspStagingTestedAttested = defineCheck({
  control: cspStagingTested,
  layer: "attested",
  reads:
    "Signed attestations of csp.staging-tested in .plimsoll/attestations, compared with the hash of each policy that the live pages come with.",
  needs: { clock },
  wants: { attestations, policies: cspPolicies },

  evaluate({ clock: { nowMs } }, { attestations: read, policies: seen }) {
    if (seen.state === "absent") return notApplicable(seen.reason);
    if (seen.state === "unknown") return cannotTell(seen.problem.code, seen.problem.detail);
    const withNonce = seen.value.filter(({ hasNonce }) => hasNonce);
    if (withNonce.length === 0) return notApplicable("No policy names a nonce");
    const policies = [...new Set(withNonce.map(({ sha256 }) => sha256))];
    const item = requireItem("csp.staging-tested");
    return judgeAttested({ item, attestations: read, nowMs, policies });
  },
});
