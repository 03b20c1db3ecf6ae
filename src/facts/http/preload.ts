import type { PreloadList } from "../../core/fact.ts";
import type { PreloadState } from "../../core/http-site.ts";

/** Whether browsers know a host to be https only: by its own entry, or by a parent's that includes subdomains. */
export function preloadState(list: PreloadList | undefined, host: string): PreloadState {
  if (list === undefined) return { state: "unknown" };
  const own = list.get(host);
  if (own !== undefined) return { state: "yes", by: host, includesSubdomains: own };
  const labels = host.split(".");
  for (let at = 1; at < labels.length; at += 1) {
    const parent = labels.slice(at).join(".");
    if (list.get(parent) === true) return { state: "yes", by: parent, includesSubdomains: true };
  }
  return { state: "no" };
}
