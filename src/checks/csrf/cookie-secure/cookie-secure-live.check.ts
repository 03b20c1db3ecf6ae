import { defineCheck, pass } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { flagStatements, secureFault } from "../../live-site/cookie-rules.ts";
import { judgeCookies, passEvidence } from "../../live-site/cookies.ts";
import { judgeSites } from "../../live-site/sites.ts";
import { csrfCookieSecureControl } from "./cookie-secure.control.ts";

export const csrfCookieSecureLive = defineCheck({
  control: csrfCookieSecureControl,
  layer: "live",
  reads:
    "Every Set-Cookie of the answers, redirects and error page included, whose name is a CSRF cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) => judgeCookies(site, "csrf", secureFault, (group) => cookieFix(group, "secure")),
      (judged) => pass("The CSRF cookie has Secure", passEvidence(judged, "csrf")),
      "No answer sets a CSRF cookie",
    );
  },

  states({ sites }) {
    return flagStatements(sites, "csrf", ({ secure }) => secure);
  },
});
