import { defineCheck, pass } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { sameSiteFault, sameSiteStatements } from "../../live-site/cookie-rules.ts";
import { judgeCookies, passEvidence } from "../../live-site/cookies.ts";
import { judgeSites } from "../../live-site/sites.ts";
import { csrfCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const csrfCookieSamesiteLive = defineCheck({
  control: csrfCookieSamesiteControl,
  layer: "live",
  reads:
    "Every Set-Cookie of the answers, redirects and error page included, whose name is a CSRF cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) => judgeCookies(site, "csrf", sameSiteFault, (group) => cookieFix(group, "samesite")),
      (judged) => pass("The CSRF cookie has SameSite=Strict", passEvidence(judged, "csrf")),
      "No answer sets a CSRF cookie",
    );
  },

  states({ sites }) {
    return sameSiteStatements(sites, "csrf");
  },
});
