import { defineFact } from "../core/fact.ts";
import type { HttpSite } from "../core/http-site.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { surveySite } from "./http/survey.ts";

/** What the outside shows of each live target, in the order given. Absent without a target. */
export type HttpSites = readonly HttpSite[];

/** Two chains of at most 10 s, then the further requests, each bounded again. */
const FACT_TIMEOUT_MS = 40_000;

export const httpSite = defineFact({
  id: "http-site",
  title: "What the outside shows of the application",
  access: "connect",
  timeoutMs: FACT_TIMEOUT_MS,
  async collect({ host, target, nowMs, fingerprintKey, signal }): Promise<Reading<HttpSites>> {
    if (target.urls.length === 0) return absent("no live target is given");
    const seed = `${fingerprintKey}\n${nowMs}`;
    return known(
      await Promise.all(
        target.urls.map((url) =>
          surveySite(host, { url, ...target.http }, { signal, nowMs, seed }),
        ),
      ),
    );
  },
});
