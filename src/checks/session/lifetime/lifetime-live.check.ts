import { defineCheck, notApplicable, type Outcome, pass } from "../../../core/check.ts";
import { fieldValues, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookieLifetime } from "../../../parsers/http/set-cookie.ts";
import { cookieFix } from "../../live-site/cookie-fix.ts";
import {
  type CookieFault,
  cookiesOf,
  judgeCookies,
  passEvidence,
  type SeenCookie,
} from "../../live-site/cookies.ts";
import { judgeSites, showSite } from "../../live-site/sites.ts";
import { sessionLifetimeControl } from "./lifetime.control.ts";

/** Seed 2: a day. */
const LIFETIME_MAX_SECONDS = 86_400;
/** Expires is an hour of some clock; the server may have counted from a second before its Date. */
const EXPIRES_TOLERANCE_SECONDS = 60;

export const sessionLifetimeLive = defineCheck({
  control: sessionLifetimeControl,
  layer: "live",
  reads: "Max-Age and Expires of every Set-Cookie whose name is a session cookie's.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      (site) =>
        judgeCookies(
          site,
          "session",
          (seen) => faultOf(seen, site),
          (group) => cookieFix(group, "lifetime"),
        ),
      unlessOpen,
      "No answer sets a session cookie",
    );
  },

  states({ sites }) {
    return sites.flatMap((site) => {
      const lifetimes = cookiesOf(site, "session").flatMap(({ seen }) =>
        seen.flatMap((each) => lifetimeOf(each, site) ?? []),
      );
      if (lifetimes.length === 0) return [];
      const value = String(Math.max(...lifetimes));
      return [{ layer: "live" as const, says: "sets" as const, value, where: showSite(site) }];
    });
  },
});

function faultOf(seen: SeenCookie, site: HttpSite): CookieFault | undefined {
  const seconds = lifetimeOf(seen, site);
  const isCounted = seen.cookie.maxAgeSeconds !== undefined;
  const max = LIFETIME_MAX_SECONDS + (isCounted ? 0 : EXPIRES_TOLERANCE_SECONDS);
  return seconds === undefined || seconds <= max
    ? undefined
    : { rule: "long-lived", status: "warn", what: `lives ${seconds} s, more than a day` };
}

/** Seconds; nothing where the cookie ends with the browser. */
function lifetimeOf({ cookie, answer }: SeenCookie, { askedAtMs }: HttpSite): number | undefined {
  const { maxAgeSeconds } = cookie;
  if (maxAgeSeconds !== undefined) return maxAgeSeconds;
  const dateMs = Date.parse(fieldValues(answer, "date")[0] ?? "");
  return cookieLifetime(cookie, Math.floor((Number.isNaN(dateMs) ? askedAtMs : dateMs) / 1000));
}

/** A cookie that ends with the browser is as it should be, and says nothing of the session at the server. */
function unlessOpen(judged: readonly HttpSite[]): Outcome {
  for (const site of judged) {
    const open = cookiesOf(site, "session").find(({ seen }) =>
      seen.some((each) => lifetimeOf(each, site) === undefined),
    );
    if (open !== undefined) {
      return notApplicable(
        `The session cookie ${open.name} of ${showSite(site)} has neither Max-Age nor Expires and ends with the browser: when the session ends only the server knows`,
      );
    }
  }
  return pass("The session cookie ends within a day", passEvidence(judged, "session"));
}
