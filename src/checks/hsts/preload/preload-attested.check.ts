import { cannotTell, defineCheck, judge, notApplicable } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { attestations } from "../../../facts/attestations.fact.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { requireItem } from "../../attested/items.ts";
import { judgeAttested, NOBODY_ATTESTS } from "../../attested/judge-attested.ts";
import { httpsAnswers } from "../../live-headers/answers.ts";
import { hstsOf } from "../../live-headers/hsts.ts";
import { showSite } from "../../live-site/sites.ts";
import { hstsPreload } from "./preload.control.ts";

/** That it was submitted is worth something only as long as the site stays eligible, which the live layer judges. */
export const hstsPreloadAttested = defineCheck({
  control: hstsPreload,
  layer: "attested",
  reads:
    "Signed attestations of hsts.preload in .plimsoll/attestations, at most 365 days old, beside the header that the site sends.",
  needs: { clock },
  wants: { attestations, sites: httpSite },

  evaluate({ clock: { nowMs } }, { attestations: read, sites }) {
    const outcome = judgeAttested({ item: requireItem("hsts.preload"), attestations: read, nowMs });
    if (outcome.status === "unknown" && outcome.problem.detail === NOBODY_ATTESTS)
      return notApplicable("Nobody attests that the domain was submitted");
    if (outcome.status !== "pass") return outcome;
    if (sites.state !== "known") {
      const detail =
        "It is attested as submitted; whether it is eligible shows from outside (--url)";
      return cannotTell("not-attested", detail);
    }
    const without = sites.value.filter((site) => !asksForPreload(site));
    return judge(
      without.map((site) => ({
        rule: "not-asked-for",
        status: "warn",
        subject: showSite(site),
        message: `The domain of ${showSite(site)} is attested as submitted, yet no answer asks for preload`,
        fix: "Send Strict-Transport-Security: max-age=63072000; includeSubDomains; preload, or remove the attestation",
        evidence: outcome.evidence[0] === undefined ? [{ excerpt: "" }] : [outcome.evidence[0]],
      })),
      outcome,
    );
  },
});

function asksForPreload(site: HttpSite): boolean {
  const answers = httpsAnswers(site)?.answers ?? [];
  return answers.some(({ answer }) => hstsOf(answer).effective?.preload === true);
}
