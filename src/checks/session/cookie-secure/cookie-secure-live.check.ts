import { defineCheck, pass } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { flagStatements, secureFault } from "../../live-site/cookie-rules.ts";
import { judgeCookies, passEvidence } from "../../live-site/cookies.ts";
import { judgeSites } from "../../live-site/sites.ts";
import { sessionCookieSecureControl } from "./cookie-secure.control.ts";

export const sessionCookieSecureLive = defineCheck({
  control: sessionCookieSecureControl,
  layer: "live",
  reads:
    "Every Set-Cookie of the answers, redirects and error page included, whose name is a session cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) => judgeCookies(site, "session", secureFault, (group) => cookieFix(group, "secure")),
      (judged) => pass("The session cookie has Secure", passEvidence(judged, "session")),
      "No answer sets a session cookie",
    );
  },

  states({ sites }) {
    return flagStatements(sites, "session", ({ secure }) => secure);
  },
});
