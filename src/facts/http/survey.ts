import type { HttpAsking } from "../../core/fact.ts";
import type { Host } from "../../core/host.ts";
import {
  allHops,
  answerOf,
  type HttpAttempt,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
  type PreloadState,
} from "../../core/http-site.ts";
import { type Asker, createAsker } from "./ask.ts";
import { followChain } from "./chain.ts";
import { compareAnswers } from "./changes.ts";
import { neededDomains } from "./domains.ts";
import { type Extra, gatherExtra, PATHS_MAX } from "./extra.ts";
import { limitsReached } from "./limits.ts";
import { offersHttp2 } from "./offers-http2.ts";
import { preloadState } from "./preload.ts";
import { secretsOf } from "./secrets.ts";

/** The chain of one side, all redirects together. */
export const SIDE_MS = 10_000;

export interface SurveyRequest extends HttpAsking {
  readonly url: string;
}

export interface SurveyContext {
  readonly signal: AbortSignal;
  readonly nowMs: number;
  /** Makes the path that does not exist, new with each run. */
  readonly seed: string;
}

/** Looks at one site: both schemes side by side, then what else is to be asked of the answer judged. */
export async function surveySite(
  host: Host,
  request: SurveyRequest,
  { signal, nowMs, seed }: SurveyContext,
): Promise<HttpSite> {
  const start = performance.now();
  const given = new URL(request.url);
  const name = given.hostname.toLowerCase();
  const secrets = secretsOf(given, request.fields ?? []);
  const asker = createAsker(host, {
    signal,
    host: name,
    ownFields: request.fields ?? [],
    areOwnFieldsSentInClear: given.protocol === "http:",
    secrets,
    ...(request.sideMs !== undefined && { requestMs: request.sideMs }),
  });
  const sideMs = request.sideMs ?? SIDE_MS;
  const cookies = new Map<string, string | undefined>();
  const chain = (scheme: "http" | "https") =>
    followChain(asker, sideUrl(given, scheme, request.ports), {
      until: performance.now() + sideMs,
      nowMs,
      onCookie: (field) => cookies.set(scheme, field),
    });
  const [http, https] = await Promise.all([chain("http"), chain("https")]);
  const judged = answerOf(https) === undefined ? http : https;
  const page = answerOf(judged);
  const cookie = cookies.get(judged === http ? "http" : "https");
  const until = start + 2 * sideMs;
  const [further, [http2, overHttp2], domains] = await Promise.all([
    page === undefined
      ? nothingMore()
      : gatherExtra(asker, { request, http, judged, page, cookie, nowMs, seed, until }),
    askByHttp2(asker, offersHttp2(host, https, signal), { page, cookie, until }),
    neededDomains(name, [http, https]),
  ]);
  const extra = { ...further, ...(overHttp2 !== undefined && { http2: overHttp2 }) };
  const site = {
    url: shown(given, secrets),
    host: name.replace(/^\[|\]$/g, ""),
    askedAtMs: nowMs,
    http,
    https,
    hasOwnFields: (request.fields ?? []).length > 0,
    offersHttp2: http2,
    ...preloadStates(request, name, [http, https]),
    domains,
    extra,
    changes: compareAnswers(page, extra.again),
    requests: asker.count(),
    durationMs: Math.round(performance.now() - start),
  };
  return { ...site, limits: [...limitsReached(site), ...pathsLeftOut(request)] };
}

/** The other scheme has its default port unless the operator names one, as nobody can know another. */
function sideUrl(given: URL, scheme: "http" | "https", ports: HttpAsking["ports"] = {}): URL {
  const url = new URL(given);
  url.hash = "";
  url.username = "";
  url.password = "";
  if (url.protocol !== `${scheme}:`) {
    url.port = "";
    url.protocol = scheme;
  }
  if (url.port === "") url.port = String(ports[scheme] ?? "");
  return url;
}

/** What is offered, and the judged page by it: most browsers see the site over HTTP/2. */
async function askByHttp2(
  asker: Asker,
  offer: Promise<boolean | null>,
  {
    page,
    cookie,
    until,
  }: {
    readonly page: HttpExchange | undefined;
    readonly cookie: string | undefined;
    readonly until: number;
  },
): Promise<readonly [offersHttp2: boolean | null, attempt?: HttpAttempt]> {
  const isOffered = await offer;
  if (isOffered !== true || page?.url.startsWith("https:") !== true) return [isOffered];
  const url = new URL(page.url);
  const fields = cookie === undefined ? {} : { Cookie: cookie };
  const answer = await asker.ask({ url, fields, until, protocol: "h2" });
  if (!("failure" in answer)) return [isOffered, { url: url.href, answer: answer.exchange }];
  // The page may lie on another server than the one that was asked for its offer.
  return answer.failure.code === "NO_H2"
    ? [isOffered]
    : [isOffered, { url: url.href, failure: answer.failure }];
}

function pathsLeftOut({ paths = [] }: SurveyRequest): readonly string[] {
  const left = paths.length - PATHS_MAX;
  return left > 0 ? [`${left} of ${paths.length} paths were not asked for`] : [];
}

async function nothingMore(): Promise<Extra> {
  return { paths: [], external: [] };
}

function shown(given: URL, secrets: readonly string[]): string {
  const url = sideUrl(given, given.protocol === "http:" ? "http" : "https").href;
  return secrets.reduce((text, secret) => text.replaceAll(secret, "***"), url);
}

function preloadStates(
  { preload }: SurveyRequest,
  name: string,
  sides: readonly HttpSide[],
): { readonly preload: PreloadState; readonly preloadOf: Readonly<Record<string, PreloadState>> } {
  const hops = sides.flatMap(allHops).map(({ url }) => new URL(url).hostname);
  const others = [...new Set(hops)].filter((host) => host !== name);
  return {
    preload: preloadState(preload, name),
    preloadOf: Object.fromEntries(others.map((host) => [host, preloadState(preload, host)])),
  };
}
