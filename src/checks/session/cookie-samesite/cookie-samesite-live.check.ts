import { defineCheck, pass } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { sameSiteFault, sameSiteStatements } from "../../live-site/cookie-rules.ts";
import { judgeCookies, passEvidence } from "../../live-site/cookies.ts";
import { judgeSites } from "../../live-site/sites.ts";
import { sessionCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const sessionCookieSamesiteLive = defineCheck({
  control: sessionCookieSamesiteControl,
  layer: "live",
  reads:
    "Every Set-Cookie of the answers, redirects and error page included, whose name is a session cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) =>
        judgeCookies(site, "session", sameSiteFault, (group) => cookieFix(group, "samesite")),
      (judged) => pass("The session cookie has SameSite=Strict", passEvidence(judged, "session")),
      "No answer sets a session cookie",
    );
  },

  states({ sites }) {
    return sameSiteStatements(sites, "session");
  },
});
