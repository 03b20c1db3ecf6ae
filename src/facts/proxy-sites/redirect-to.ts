import type { SiteAction } from "../proxy-site.ts";

const LOCATION_CHARACTERS_MAX = 400;

/** A redirect to what is written, cut. */
export function redirectTo(location: string, status: number): SiteAction {
  return {
    kind: "redirect",
    status,
    location: location.slice(0, LOCATION_CHARACTERS_MAX),
    isToHttps: /^https:\/\//i.test(location),
  };
}
