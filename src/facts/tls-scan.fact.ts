import { defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { withSharedKeys } from "../core/tls-shared-keys.ts";
import { scanTls } from "./tls/scan.ts";
import type { ScanTarget } from "./tls/scan-target.ts";

/** Servers of one audit that are scanned. */
const TARGETS_MAX = 16;
const HTTPS_PORT = 443;

/** What every address behind the audited https URLs answers in TLS, by `TlsScan`. Absent without such a URL. */
export const tlsScan = defineFact({
  id: "tls-scan",
  title: "TLS as the servers speak it",
  access: "connect",
  timeoutMs: 180_000,
  async collect({ host, target, nowMs, signal }): Promise<Reading<readonly TlsScan[]>> {
    const targets = tlsTargets(target.urls);
    if (targets.length === 0) return absent("no https URL is audited");
    const scans: TlsScan[] = [];
    const { caPem } = target;
    const trusted = caPem === undefined ? {} : { caPem };
    for (const each of targets) {
      scans.push(...(await scanTls(host, { ...each, ...trusted }, { signal, nowMs })));
    }
    return known(withSharedKeys(scans));
  },
});

/** Every host and port of the https URLs once, in their order. */
export function tlsTargets(urls: readonly string[]): readonly ScanTarget[] {
  const found = new Map<string, ScanTarget>();
  for (const text of urls) {
    const url = URL.parse(text);
    if (url?.protocol !== "https:") continue;
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port) || HTTPS_PORT;
    if (found.size < TARGETS_MAX) found.set(`${host} ${port}`, { host, port });
  }
  return [...found.values()];
}
