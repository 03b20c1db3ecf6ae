import { defineCheck, type Evidence, pass } from "../../../core/check.ts";
import { fieldValues, type HttpExchange, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isGuessableNonce, noncesOf } from "../../../parsers/csp/nonce.ts";
import {
  type CspPage,
  htmlPages,
  policyCutOf,
  policyEvidence,
  secondFetch,
} from "../../live-csp/csp-pages.ts";
import { NONCE_BITS_MIN, nonceBits, varyingPart } from "../../live-csp/nonce-strength.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspNonceGeneratedControl } from "./nonce-generated.control.ts";

const FIX =
  "Make the nonce in the middleware that writes the header, anew for each answer: Python secrets.token_urlsafe(16), Node crypto.randomBytes(16).toString('base64')";
const FIX_CACHE =
  "Keep pages with a nonce out of shared caches: Cache-Control: private, no-store (nginx: proxy_cache off for them)";

export const cspNonceGeneratedLive = defineCheck({
  control: cspNonceGeneratedControl,
  layer: "live",
  reads: "The nonces of all fetched pages, the judged page fetched twice.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every fetch has a nonce of its own",
          judged.flatMap((site) => fetchesOf(site).map((each) => nonceEvidence(each))),
        ),
      "No policy names a nonce",
    );
  },
});

/** One answer, and the nonces of its policies, each once. */
interface Fetch {
  readonly page: CspPage;
  readonly nonces: readonly string[];
  readonly isCached: boolean;
}

/** The judged page, its second fetch, then the other pages; those with a nonce. */
function fetchesOf(site: HttpSite): readonly Fetch[] {
  const again = secondFetch(site);
  const [main, ...others] = htmlPages(site).pages;
  const pages = [main, again, ...others].filter((page) => page !== undefined);
  return pages.flatMap((page) => {
    const nonces = [...new Set(noncesOf(page.policies).map(({ nonce }) => nonce))];
    return nonces.length === 0 ? [] : [{ page, nonces, isCached: isFromCache(page.exchange) }];
  });
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages, unanswered } = htmlPages(site);
  const fetches = fetchesOf(site);
  if (fetches.length === 0) {
    const open = unanswered ?? policyCutOf(pages);
    return open === undefined ? undefined : { findings: [], unanswered: open };
  }
  const faults = [...fetches.flatMap(weakFaults), ...repeatFaults(fetches), ...partFaults(fetches)];
  const open = isAskedTwice(fetches)
    ? unanswered
    : "no page with a nonce was fetched twice, so that nothing shows whether it is made anew";
  return { findings: faultFindings(faults), ...(open !== undefined && { unanswered: open }) };
}

function isAskedTwice(fetches: readonly Fetch[]): boolean {
  return new Set(fetches.map(({ page }) => page.exchange.url)).size < fetches.length;
}

function weakFaults(fetch: Fetch): readonly PageFault[] {
  return fetch.nonces.flatMap((nonce) => {
    const evidence = nonceEvidence(fetch, nonce);
    if (isGuessableNonce(nonce)) {
      return [fault("nonce-guessable", "The nonce is an example or a word, not chance", evidence)];
    }
    const bits = nonceBits(nonce);
    if (bits >= NONCE_BITS_MIN) return [];
    const what = `The nonce has ${nonce.length} characters, at most ${bits} bits of ${NONCE_BITS_MIN}`;
    return [fault("nonce-short", what, evidence)];
  });
}

function fault(
  rule: string,
  what: string,
  evidence: Evidence,
  status: "warn" | "fail" = "warn",
): PageFault {
  return { rule, status, what, fix: FIX, evidence };
}

/** A nonce that a cache repeats tells nothing of how it is made; visitors share it all the same. */
function repeatFaults(fetches: readonly Fetch[]): readonly PageFault[] {
  const found = fetches.flatMap((later, at) =>
    fetches.slice(0, at).flatMap((earlier) => {
      const shared = later.nonces.find((nonce) => earlier.nonces.includes(nonce));
      return shared === undefined ? [] : [{ earlier, later, shared }];
    }),
  );
  return found.map(({ earlier, later, shared }) => {
    const evidence = nonceEvidence(later, shared);
    if (!earlier.isCached && !later.isCached) {
      return fault("nonce-reused", "Two answers have the same nonce", evidence, "fail");
    }
    const what = "A cache gives the same nonce to everybody";
    return { ...fault("nonce-cached", what, evidence), fix: FIX_CACHE };
  });
}

/** A counter or a clock in a frame of fixed characters is no chance, however long the whole. */
function partFaults([first, ...others]: readonly Fetch[]): readonly PageFault[] {
  const again = others.find(({ page }) => page.exchange.url === first?.page.exchange.url);
  const [a, b] = [first?.nonces[0], again?.nonces[0]];
  if (first === undefined || a === undefined || b === undefined || a === b) return [];
  const varying = varyingPart(a, b);
  if (nonceBits(a) < NONCE_BITS_MIN || nonceBits(varying) >= NONCE_BITS_MIN) return [];
  const what = `Only ${varying.length} of ${a.length} characters of the nonce change from answer to answer`;
  return [fault("nonce-fixed-part", what, nonceEvidence(first, a))];
}

/** Fields by which caches say that an answer came from them. */
const CACHE_FIELDS = [
  "x-cache",
  "cf-cache-status",
  "x-cache-status",
  "x-proxy-cache",
  "cache-status",
];

function isFromCache(exchange: HttpExchange): boolean {
  const age = fieldValues(exchange, "age")[0]?.trim() ?? "";
  const isAged = /^\d+$/.test(age) && Number(age) > 0;
  const says = CACHE_FIELDS.flatMap((name) => fieldValues(exchange, name));
  return isAged || says.some((value) => /\b(?:hit|stale|revalidated)\b/i.test(value));
}

/** Lengths only: a nonce is worth something while its page is open. */
function nonceEvidence({ page, isCached }: Fetch, nonce?: string): Evidence {
  const policy =
    page.policies.find((each) => {
      const own = noncesOf([each]);
      return own.some((found) => nonce === undefined || found.nonce === nonce);
    }) ?? page.policies[0];
  if (policy === undefined) return { url: page.shown, excerpt: "no policy" };
  const { url = page.shown, excerpt } = policyEvidence(page, policy);
  return { url, excerpt: isCached ? `from a cache: ${excerpt}` : excerpt };
}
