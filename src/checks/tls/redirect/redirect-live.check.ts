import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import {
  fieldValues,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
} from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { type ServerFixes, serverFix } from "../../live-site/server-fixes.ts";
import {
  hopEvidence,
  isClosed,
  judgeSites,
  type SiteVerdict,
  seenIn,
  showAnswer,
  showSite,
  silenceOf,
} from "../../live-site/sites.ts";
import { tlsRedirectControl } from "./redirect.control.ts";
import { liveStatements } from "./redirect-states.ts";

/** The catalog's limit: a longer way is slow and breaks easily. */
const STEPS_MAX = 3;
const FIX: ServerFixes = {
  nginx: "return 301 https://$host$request_uri; in the server block for port 80",
  caddy:
    "name the site by its host (example.org { ... }), without http:// or a port: Caddy then redirects by itself; else redir https://{host}{uri} permanent",
  apache:
    "RewriteEngine On and RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301,L] in the VirtualHost for port 80",
  django:
    "SECURE_SSL_REDIRECT = True in the settings, with SecurityMiddleware first, or in the proxy before it",
  generic: "Answer every request on port 80 by 301 to https://, same host, path and query",
};

export const tlsRedirectLive = defineCheck({
  control: tlsRedirectControl,
  layer: "live",
  reads: "The way from the http address, step by step, and where a path and query lead.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          judged.every(({ http }) => http.hops.length === 0)
            ? "Nothing answers over http"
            : "http leads to https at once",
          judged.flatMap(({ http }) =>
            http.hops.length === 0
              ? [seenIn(http, silenceOf(http) ?? "no answer")]
              : hopEvidence(http),
          ),
        ),
      "No live target is given",
    );
  },

  states({ sites }) {
    return liveStatements(sites);
  },
});

function judgeSite(site: HttpSite): SiteVerdict {
  const [first] = site.http.hops;
  if (first === undefined) return silence(site);
  const [before, ...evidence] = hopEvidence(site.http);
  const seen: readonly [Evidence, ...Evidence[]] = [
    before ?? seenIn(first, showAnswer(first)),
    ...evidence,
  ];
  const location = targetOf(first);
  const faults =
    location === undefined ? contentFaults(site.http, first) : stepFaults(site, first, location);
  const findings = faults.map(
    ({ rule, status, what, at }): Finding => ({
      rule,
      status,
      subject: showSite(site),
      message: `${seenIn(first, "").url} ${what}`,
      fix: serverFix(site, FIX),
      evidence: at === undefined ? seen : [...seen, seenIn(at, showAnswer(at))],
    }),
  );
  return { findings };
}

function silence({ http }: HttpSite): SiteVerdict {
  if (isClosed(http)) return { findings: [] };
  return { findings: [], unanswered: silenceOf(http) ?? "no answer" };
}

interface Fault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  readonly what: string;
  /** Another answer than those of the way. */
  readonly at?: HttpExchange;
}

/** Where a redirect leads; `undefined` where the answer is none. */
function targetOf(exchange: HttpExchange): URL | undefined {
  if (exchange.status < 300 || exchange.status > 399) return undefined;
  const [location] = fieldValues(exchange, "location");
  return location === undefined ? undefined : (URL.parse(location, exchange.url) ?? undefined);
}

function contentFaults({ end }: HttpSide, first: HttpExchange): readonly Fault[] {
  const { status } = first;
  if (end.kind === "location-missing" || end.kind === "location-invalid") {
    return [{ rule: "redirect-nowhere", status: "warn", what: "redirects to no usable address" }];
  }
  if (status === 401 || status === 407) {
    return [
      { rule: "credentials-in-clear", status: "fail", what: "asks for credentials over http" },
    ];
  }
  if (status >= 400) {
    const what = `answers ${status} instead of a redirect`;
    return [{ rule: "error-instead-of-redirect", status: "warn", what }];
  }
  return isRedirectingPage(first)
    ? [{ rule: "redirect-by-page", status: "warn", what: "redirects by the page, not by a status" }]
    : [{ rule: "content-over-http", status: "fail", what: "serves content over http" }];
}

function isRedirectingPage({ body }: HttpExchange): boolean {
  const isRefreshed = (body.page?.metas ?? []).some(
    ({ httpEquiv, content = "" }) =>
      httpEquiv?.toLowerCase() === "refresh" && /url\s*=\s*["']?\s*https:/i.test(content),
  );
  return (
    isRefreshed ||
    /\blocation(?:\.(?:href|protocol))?\s*=\s*["']https:|\blocation\.(?:replace|assign)\(\s*["']https:/i.test(
      body.text ?? "",
    )
  );
}

function stepFaults(site: HttpSite, first: HttpExchange, target: URL): readonly Fault[] {
  const { http } = site;
  if (target.protocol !== "https:") {
    const isAlways = http.hops.every(({ url }) => url.startsWith("http:"));
    const what = isAlways ? "never leads to https" : "leads to another http address first";
    return [{ rule: "redirect-to-http", status: "fail", what }];
  }
  const from = new URL(first.url);
  const faults: (Fault | false)[] = [
    backToHttp(http) && { rule: "back-to-http", status: "fail", what: "leads back to http later" },
    target.hostname !== from.hostname && {
      rule: "other-host-first",
      status: "warn",
      what: `leads to ${target.hostname} at once, so that HSTS is never set for ${from.hostname}`,
    },
    first.status !== 301 &&
      first.status !== 308 && {
        rule: "temporary-redirect",
        status: "warn",
        what: `redirects by ${first.status}, which browsers do not remember`,
      },
    http.hops.length - 1 > STEPS_MAX && {
      rule: "long-way",
      status: "warn",
      what: `takes ${http.hops.length - 1} steps`,
    },
    isPathLost(site) && {
      rule: "path-lost",
      status: "warn",
      what: "loses path or query on the way",
    },
    pathFault(site) ?? false,
  ];
  return faults.filter((fault) => fault !== false);
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR_MIN = 500;

/** The address alone may redirect (`location = /`), and all else be served in clear. */
function pathFault({ extra }: HttpSite): Fault | undefined {
  const attempt = extra.plainPath;
  if (attempt === undefined || !("answer" in attempt)) return undefined;
  const { answer: at } = attempt;
  const target = targetOf(at);
  if (target !== undefined) {
    if (target.protocol === "https:") return undefined;
    const what = "redirects to https, but leads another path to http first";
    return { rule: "path-to-http", status: "fail", what, at };
  }
  const { status } = at;
  // An overload tells nothing about the path.
  if (status === TOO_MANY_REQUESTS || status >= SERVER_ERROR_MIN) return undefined;
  if (status < 300 || status === 401) {
    const what = `redirects to https, but answers another path over http (${status})`;
    return { rule: "path-over-http", status: "fail", what, at };
  }
  const what = `redirects to https, but not from every path: another gets ${status}`;
  return { rule: "path-not-redirected", status: "warn", what, at };
}

function backToHttp({ hops }: HttpSide): boolean {
  return hops.slice(1).some(({ url }) => url.startsWith("http:"));
}

/** Asked with a path and query of its own, as the audited URL may have neither. */
function isPathLost({ extra }: HttpSite): boolean {
  const attempt = extra.plainPath;
  if (attempt === undefined || !("answer" in attempt)) return false;
  const target = targetOf(attempt.answer);
  const from = new URL(attempt.url);
  return (
    target !== undefined && (target.pathname !== from.pathname || target.search !== from.search)
  );
}
