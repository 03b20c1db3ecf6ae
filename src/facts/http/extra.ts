import {
  allHops,
  FOREIGN_ORIGIN,
  type HttpAttempt,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
  type OriginAttempt,
  PREFLIGHT_ORIGIN,
  REDIRECT_STATUSES,
} from "../../core/http-site.ts";
import { sha256Hex } from "../../wire/digest.ts";
import type { Asker } from "./ask.ts";
import { followChain } from "./chain.ts";
import { crossOrigins } from "./cross-origins.ts";
import { externalResources, sameOriginLinks, staticAsset } from "./page-links.ts";
import { followPaths } from "./path-redirects.ts";
import type { SurveyRequest } from "./survey.ts";

export type Extra = HttpSite["extra"];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `--path`s looked at. */
export const PATHS_MAX = 20;
/** Of an answer that is asked for its fields. */
const FIELDS_ONLY_BYTES = 64 * 1024;
/** Requests under way at once: a scanner that floods is refused, and rightly. */
const AT_ONCE = 4;
/** Of what is not a page only fields and hash matter. */
const ASSET_BYTES_MAX = 1024 * 1024;

export interface ExtraContext {
  readonly request: SurveyRequest;
  readonly http: HttpSide;
  readonly judged: HttpSide;
  /** The last answer of `judged`. */
  readonly page: HttpExchange;
  /** The `Cookie` field `page` was asked for with: some sites show nothing without the cookie they set on the way. */
  readonly cookie: string | undefined;
  readonly nowMs: number;
  readonly seed: string;
  readonly until: number;
}

interface Task {
  readonly url: URL;
  readonly run: () => Promise<HttpAttempt>;
  readonly keep: (attempt: HttpAttempt) => void;
}

/** The further questions, a few at a time. */
export async function gatherExtra(asker: Asker, context: ExtraContext): Promise<Extra> {
  const paths: Mutable<Extra["paths"][number]>[] = [];
  const external: HttpAttempt[] = [];
  const origins: OriginAttempt[] = [];
  const extra: Mutable<Extra> = { paths, external, origins };
  const tasks = [
    ...fixedTasks(asker, context, extra),
    ...pathsOf(context).map(({ url, why }, at): Task => {
      const run = () => once(asker, url, context);
      return { url, run, keep: (attempt) => (paths[at] = { ...attempt, why }) };
    }),
  ];
  const others = externalOf(context).map((url, at): Task => {
    const run = () => once(asker, url, context, { bodyBytesMax: ASSET_BYTES_MAX });
    return { url, run, keep: (attempt) => (external[at] = attempt) };
  });
  const cors = crossOrigins(new URL(context.page.url)).map((asked, at): Task => {
    const url = new URL(context.page.url);
    const options = { fields: { Origin: asked.origin }, bodyBytesMax: FIELDS_ONLY_BYTES };
    const run = () => once(asker, url, context, options);
    return { url, run, keep: (attempt) => (origins[at] = { ...attempt, ...asked }) };
  });
  await runAll([...tasks, ...cors, ...others]);
  const { origin } = new URL(context.page.url);
  extra.paths = await followPaths(paths, origin, (url) => once(asker, url, context));
  const robots = extra.robots;
  if (robots !== undefined && isUnverified(context.judged)) {
    const url = new URL("/robots.txt", context.judged.url);
    extra.robotsPreflight = await preflight(asker, url, context);
  }
  return extra;
}

function fixedTasks(asker: Asker, context: ExtraContext, extra: Mutable<Extra>): readonly Task[] {
  const { judged, page } = context;
  const last = new URL(page.url);
  const end = new URL(allHops(judged).at(-1)?.url ?? page.url);
  const robots = new URL("/robots.txt", judged.url);
  const missing = missingUrl(context, last);
  const asset = page.body.page === undefined ? undefined : staticAsset(page.body.page, last);
  const securityTxt = new URL("/.well-known/security.txt", last.origin);
  const foreign = { Origin: FOREIGN_ORIGIN };
  const tasks: Task[] = [
    {
      url: robots,
      run: () => following(asker, robots, context),
      keep: (attempt) => (extra.robots = attempt),
    },
    {
      url: end,
      run: () => preflight(asker, end, context),
      keep: (attempt) => (extra.preflight = attempt),
    },
    {
      url: last,
      run: () => once(asker, last, context, { fields: foreign, bodyBytesMax: FIELDS_ONLY_BYTES }),
      keep: (attempt) => (extra.foreignOrigin = attempt),
    },
    {
      url: last,
      run: () => once(asker, last, context),
      keep: (attempt) => (extra.again = attempt),
    },
    {
      url: securityTxt,
      run: () => following(asker, securityTxt, context),
      keep: (attempt) => (extra.securityTxt = attempt),
    },
    {
      url: missing,
      run: () => once(asker, missing, context),
      keep: (attempt) => (extra.errorPage = attempt),
    },
  ];
  const plain = plainUrl(context, missing);
  if (plain !== undefined) {
    tasks.push({
      url: plain,
      run: () => once(asker, plain, context),
      keep: (attempt) => (extra.plainPath = attempt),
    });
  }
  if (asset !== undefined) {
    tasks.push({
      url: asset,
      run: () => once(asker, asset, context, { bodyBytesMax: ASSET_BYTES_MAX }),
      keep: (attempt) => (extra.asset = attempt),
    });
  }
  return tasks;
}

/** Looks random and is new with each run, yet a fact has no randomness of its own. */
function missingUrl({ seed }: ExtraContext, last: URL): URL {
  const name = sha256Hex(`${seed}\n${last.href}`).slice(0, 16);
  const directory = last.pathname.replace(/[^/]*$/, "");
  return new URL(`${directory}plimsoll-${name}`, last.origin);
}

/** Where http redirects: the missing path with a query, to see whether both are kept. */
function plainUrl({ http }: ExtraContext, missing: URL): URL | undefined {
  const [first] = http.hops;
  if (first === undefined || !REDIRECT_STATUSES.has(first.status)) return undefined;
  const name = missing.pathname.replace(/^.*\//, "/");
  return new URL(`${name}?plimsoll=1`, http.url);
}

function pathsOf({ request, page }: ExtraContext): readonly {
  readonly url: URL;
  readonly why: "asked" | "linked";
}[] {
  const last = new URL(page.url);
  const asked = (request.paths ?? [])
    .slice(0, PATHS_MAX)
    .map((path) => ({ url: new URL(path, last.origin), why: "asked" as const }));
  const known = new Set(asked.map(({ url }) => url.href));
  const links = page.body.page === undefined ? [] : sameOriginLinks(page.body.page, last);
  const linked = links
    .filter(({ href }) => !known.has(href))
    .map((url) => ({ url, why: "linked" as const }));
  return [...asked, ...linked];
}

/** Other people's servers are asked only where the operator allows it. */
function externalOf({ request, page }: ExtraContext): readonly URL[] {
  if (request.isExternalFetched !== true || page.body.page === undefined) return [];
  return externalResources(page.body.page, new URL(page.url));
}

async function once(
  asker: Asker,
  url: URL,
  { until, page, cookie }: ExtraContext,
  options: {
    readonly fields?: Readonly<Record<string, string>>;
    readonly bodyBytesMax?: number;
  } = {},
): Promise<HttpAttempt> {
  const isSent = cookie !== undefined && url.origin === new URL(page.url).origin;
  const fields = { ...options.fields, ...(isSent && { Cookie: cookie }) };
  const answer = await asker.ask({ url, until, ...options, fields });
  return "failure" in answer
    ? { url: url.href, failure: answer.failure }
    : { url: url.href, answer: answer.exchange };
}

/** RFC 9309 section 2.3.1.2: crawlers follow redirects of robots.txt. */
async function following(asker: Asker, url: URL, context: ExtraContext): Promise<HttpAttempt> {
  return lastOf(await followChain(asker, url, { ...context, isWithoutCookies: true }));
}

/** Browsers refuse a redirected preflight; other clients follow, and what is behind it is told too. */
async function preflight(asker: Asker, url: URL, context: ExtraContext): Promise<HttpAttempt> {
  const fields = { Origin: PREFLIGHT_ORIGIN, "Access-Control-Request-Method": "GET" };
  const chain = { ...context, method: "OPTIONS", fields, isWithoutCookies: true } as const;
  return lastOf(await followChain(asker, url, chain));
}

function lastOf({ url, hops, end }: HttpSide): HttpAttempt {
  const last = hops.at(-1);
  if (end.kind === "no-answer" || last === undefined) {
    const detail = "no answer";
    return {
      url,
      failure: end.kind === "no-answer" ? end.failure : { kind: "unreachable", detail },
    };
  }
  const via = hops.slice(0, -1);
  return { url, answer: last, ...(via.length > 0 && { via }) };
}

function isUnverified({ hops }: HttpSide): boolean {
  return hops.some(({ certificate }) => certificate?.isVerified === false);
}

async function runAll(tasks: readonly Task[]): Promise<void> {
  const waiting = [...tasks];
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      task.keep(await task.run());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
