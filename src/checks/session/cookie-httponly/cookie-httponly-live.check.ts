import { defineCheck, pass } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { flagStatements, httpOnlyFault } from "../../live-site/cookie-rules.ts";
import { judgeCookies, passEvidence } from "../../live-site/cookies.ts";
import { judgeSites } from "../../live-site/sites.ts";
import { sessionCookieHttponlyControl } from "./cookie-httponly.control.ts";

export const sessionCookieHttponlyLive = defineCheck({
  control: sessionCookieHttponlyControl,
  layer: "live",
  reads:
    "Every Set-Cookie of the answers, redirects and error page included, whose name is a session cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) =>
        judgeCookies(site, "session", httpOnlyFault, (group) => cookieFix(group, "httponly")),
      (judged) => pass("The session cookie has HttpOnly", passEvidence(judged, "session")),
      "No answer sets a session cookie",
    );
  },

  states({ sites }) {
    return flagStatements(sites, "session", ({ httpOnly }) => httpOnly);
  },
});
