import type { HttpSite } from "../../core/http-site.ts";
import type { Statement } from "../../core/trace.ts";
import type { CookieUse } from "../../parsers/http/cookie-use.ts";
import type { SetCookie } from "../../parsers/http/set-cookie.ts";
import { type CookieFault, cookiesOf, type SeenCookie } from "./cookies.ts";
import { seenIn } from "./sites.ts";

export function secureFault({ cookie }: SeenCookie): CookieFault | undefined {
  return cookie.secure
    ? undefined
    : { rule: "secure-missing", status: "fail", what: "is set without Secure" };
}

export function httpOnlyFault({ cookie }: SeenCookie): CookieFault | undefined {
  return cookie.httpOnly
    ? undefined
    : { rule: "httponly-missing", status: "fail", what: "is set without HttpOnly" };
}

export function sameSiteFault({ cookie }: SeenCookie): CookieFault | undefined {
  switch (cookie.sameSite) {
    case "strict":
      return undefined;
    case "lax":
      return { rule: "samesite-lax", status: "warn", what: "has SameSite=Lax" };
    case "none":
      return {
        rule: "samesite-none",
        status: "fail",
        what: "has SameSite=None: it goes along with requests of every other site",
      };
    case "default":
      return cookie.attributes.some(({ name }) => name === "samesite")
        ? {
            rule: "samesite-invalid",
            status: "warn",
            what: "has a SameSite that browsers do not know and take for Lax or None",
          }
        : { rule: "samesite-missing", status: "warn", what: "is set without SameSite" };
  }
}

/** `on` or `off` for each site that sets the cookie: off where one answer lacks the flag. */
export function flagStatements(
  sites: readonly HttpSite[],
  use: CookieUse["use"],
  isOn: (cookie: SetCookie) => boolean,
): readonly Statement[] {
  return statements(sites, use, (cookie) => (isOn(cookie) ? "on" : "off"), ["off", "on"]);
}

/** The weakest SameSite of each site's cookies. */
export function sameSiteStatements(
  sites: readonly HttpSite[],
  use: CookieUse["use"],
): readonly Statement[] {
  const weakestFirst = ["none", "default", "lax", "strict"];
  return statements(sites, use, ({ sameSite }) => sameSite, weakestFirst);
}

function statements(
  sites: readonly HttpSite[],
  use: CookieUse["use"],
  valueIn: (cookie: SetCookie) => string,
  weakestFirst: readonly string[],
): readonly Statement[] {
  return sites.flatMap((site): readonly Statement[] => {
    const all = cookiesOf(site, use).flatMap(({ seen }) => seen);
    const [weakest] = all.toSorted(
      (a, b) => weakestFirst.indexOf(valueIn(a.cookie)) - weakestFirst.indexOf(valueIn(b.cookie)),
    );
    if (weakest === undefined) return [];
    const { url = site.url } = seenIn(weakest.answer, "");
    return [{ layer: "live", says: "sets", value: valueIn(weakest.cookie), where: url }];
  });
}
