import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import { proxyReadings } from "./proxy-readings.fact.ts";
import type { ProxyGlobal } from "./proxy-site.ts";

/** What Caddy, Apache, HAProxy and Traefik were told for all of their sites. */
export const proxyGlobals = defineFact({
  id: "proxy-globals",
  title: "Settings of the reverse proxy as a whole",
  access: "read",
  timeoutMs: 8_000,
  needs: { readings: proxyReadings },
  async collect(_context, { readings }): Promise<Reading<readonly ProxyGlobal[]>> {
    return known(readings.globals);
  },
});
