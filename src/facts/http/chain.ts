import {
  type ChainEnd,
  fieldValues,
  type HttpExchange,
  type HttpSide,
  REDIRECT_STATUSES,
  REDIRECTS_MAX,
} from "../../core/http-site.ts";
import type { Asker } from "./ask.ts";
import { type CookieJar, createCookieJar } from "./cookie-jar.ts";

export interface ChainOptions {
  readonly until: number;
  readonly nowMs: number;
  readonly method?: "GET" | "OPTIONS";
  readonly fields?: Readonly<Record<string, string>>;
  /** No cookies are kept and sent: for questions about a visitor without any. */
  readonly isWithoutCookies?: boolean;
  /** Told of each hop's `Cookie` field, `undefined` where it has none. Never part of a fact. */
  readonly onCookie?: (field: string | undefined) => void;
}

/** Asks, and follows redirects hop by hop. Never fails for what the target does. */
export async function followChain(
  asker: Asker,
  start: URL,
  options: ChainOptions,
  { jar, left }: ChainState = { jar: createCookieJar(), left: REDIRECTS_MAX },
): Promise<HttpSide> {
  const hops: HttpExchange[] = [];
  const asked = new Set<string>();
  let method = options.method ?? "GET";
  let url = start;
  const done = (end: ChainEnd): HttpSide => ({ url: start.href, hops, end });
  for (;;) {
    asked.add(url.href);
    const fields = fieldsFor(url, jar, options);
    options.onCookie?.(fields["Cookie"]);
    const answer = await asker.ask({ url, method, fields, until: options.until });
    if ("failure" in answer) {
      return done({ kind: "no-answer", url: url.href, failure: answer.failure });
    }
    const { exchange, setCookie } = answer;
    hops.push(exchange);
    jar.store(url, setCookie, options.nowMs);
    const next = nextOf(exchange, url);
    const state = { jar, left: left - hops.length };
    if (!(next instanceof URL)) return done(await endOf(next, url, { asker, options, state }));
    if (hops.length > left) {
      return done({ kind: "redirect-limit", isLoop: asked.has(next.href) });
    }
    // RFC 9110 section 15.4.4: what comes after 303 is asked for by GET.
    if (exchange.status === 303) method = "GET";
    url = next;
  }
}

interface ChainState {
  readonly jar: CookieJar;
  /** Redirects that may still be followed. */
  readonly left: number;
}

function fieldsFor(
  url: URL,
  jar: CookieJar,
  { fields, nowMs, isWithoutCookies = false }: ChainOptions,
): Readonly<Record<string, string>> {
  const cookie = isWithoutCookies ? undefined : jar.fieldFor(url, nowMs);
  return { ...fields, ...(cookie !== undefined && { Cookie: cookie }) };
}

/** Where `Location` is missing, what `/undefined` answers is part of how it ends. */
async function endOf(
  end: ChainEnd,
  url: URL,
  {
    asker,
    options,
    state,
  }: { readonly asker: Asker; readonly options: ChainOptions; readonly state: ChainState },
): Promise<ChainEnd> {
  if (end.kind !== "location-missing" || state.left < 0) return end;
  const next = new URL("undefined", url);
  // A server that sends everyone nowhere sends `/undefined` there too.
  if (next.href === url.href) return end;
  return { ...end, next: await followChain(asker, next, options, state) };
}

function nextOf(exchange: HttpExchange, url: URL): URL | ChainEnd {
  if (!REDIRECT_STATUSES.has(exchange.status)) return { kind: "answer" };
  const [location] = fieldValues(exchange, "location");
  if (location === undefined) return { kind: "location-missing" };
  const next = URL.parse(location, url.href);
  if (next === null) return { kind: "location-invalid", location };
  if (!/^https?:$/.test(next.protocol)) return { kind: "location-scheme", location };
  next.username = "";
  next.password = "";
  return next;
}
