import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import { proxyReadings } from "./proxy-readings.fact.ts";
import type { ProxySite } from "./proxy-site.ts";
import { hideInTexts } from "./secret-text.ts";

/** What Caddy, Apache, HAProxy and Traefik are told to do with requests. nginx has a fact of its own. */
export const proxySites = defineFact({
  id: "proxy-sites",
  title: "Sites of the reverse proxy",
  access: "read",
  timeoutMs: 8_000,
  needs: { readings: proxyReadings },
  async collect(_context, { readings }): Promise<Reading<readonly ProxySite[]>> {
    return known(hideInTexts(readings.sites));
  },
});
