import { defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import type { NginxTree } from "../parsers/nginx/parse.ts";
import { maskNginx } from "./nginx-mask.ts";
import { proxyReadings } from "./proxy-readings.fact.ts";

/** One nginx configuration, includes expanded; what may be a secret in it is masked. */
export interface NginxConfiguration {
  /** The main file, as evidence names it. */
  readonly file: string;
  readonly foundBy: string;
  /** As in `ProxyRoutes.configurations`. */
  readonly isInstalled?: boolean;
  /** nginx would refuse to start with it. */
  readonly isRefused?: boolean;
  readonly tree: NginxTree;
}

export const nginxConfigurations = defineFact({
  id: "nginx-configurations",
  title: "Configuration of nginx",
  access: "read",
  timeoutMs: 8_000,
  needs: { readings: proxyReadings },
  async collect(_context, { readings }): Promise<Reading<readonly NginxConfiguration[]>> {
    if (readings.nginx.length === 0) return absent("no configuration of nginx was found");
    return known(readings.nginx.map((one) => ({ ...one, tree: maskNginx(one.tree) })));
  },
});
