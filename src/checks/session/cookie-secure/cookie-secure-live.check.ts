import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import { flagStatements, secureFault } from "../../live-site/cookie-rules.ts";
import { cookiesOf, judgeCookies, passEvidence } from "../../live-site/cookies.ts";
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
      (judged) =>
        pass(
          ["The session cookie has Secure", ...judged.flatMap(prefixAdvice).slice(0, 1)].join("; "),
          passEvidence(judged, "session"),
        ),
      "No answer sets a session cookie",
    );
  },

  states({ sites }) {
    return flagStatements(sites, "session", ({ secure }) => secure);
  },
});

/** A name that browsers hold the cookie to; no fault without it (RFC 6265bis section 4.1.3). */
function prefixAdvice(site: HttpSite): readonly string[] {
  return cookiesOf(site, "session").flatMap(({ name, seen }) => {
    if (seen.some(({ cookie }) => cookie.prefix !== undefined)) return [];
    // `__Host-` asks for Path=/ and forbids Domain.
    const isHostWide = seen.every(
      ({ cookie: { domain, path } }) =>
        domain === undefined && (path === undefined || path === "/"),
    );
    return isHostWide
      ? [
          `named __Host-${name}, with Path=/, no other host and no answer over http could replace it`,
        ]
      : [`named __Secure-${name} no answer over http could replace it`];
  });
}
