import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { isContent, pathMatches, plainListeners, tlsListeners } from "./answering.ts";
import { showListener, siteFinding } from "./site-finding.ts";

/** Where authorities look for answers to their challenges, over plain HTTP (RFC 8555, 8.3). */
const ACME_PATH = "/.well-known/acme-challenge/";

const FIXES: Readonly<Partial<Record<ProxyKind, string>>> = {
  caddy:
    "Give the site address as the name alone (example.com instead of http://example.com or :80), and no auto_https off: Caddy then redirects by itself",
  apache: "In the <VirtualHost *:80> write: Redirect permanent / https://NAME/",
  haproxy: "In the frontend write: http-request redirect scheme https code 301 unless { ssl_fc }",
  traefik:
    "Write: entryPoints.web.http.redirections.entryPoint: { to: websecure, scheme: https, permanent: true }",
};

/** Plain HTTP that is not sent on to HTTPS: no redirect, one for a part, or one that is not kept. */
export const siteRedirectRule: SiteRule = (site, wanted) => {
  const [listener] = plainListeners(site);
  if (listener === undefined) return [];
  const found = plainAnswers(site);
  const { redirect, content, isWhole } = found;
  if (content.length > 0) {
    const isTls = hasTlsSide(site, wanted);
    // Behind another proxy that ends TLS, the redirect goes by what that one says.
    if (redirect !== undefined && isByForwardedProto(redirect)) return [];
    if (redirect === undefined && !isTls) return [];
    const where = showListener(listener);
    return content
      .slice(0, 1)
      .map((route) =>
        redirect === undefined || isWhole
          ? noRedirect(site, route, where)
          : partial(site, route, redirect, where),
      );
  }
  return redirect === undefined ? [] : temporary(site, redirect);
};

/** A name that is served over plain HTTP only. */
export const siteTlsMissingRule: SiteRule = (site, wanted) => {
  const [listener] = plainListeners(site);
  if (listener === undefined || hasTlsSide(site, wanted)) return [];
  const { redirect, content } = plainAnswers(site);
  const [route] = content;
  if (route === undefined || redirect !== undefined) return [];
  return [
    siteFinding(site, {
      rule: "tls-missing",
      status: "fail",
      at: listener,
      text: showListener(listener),
      also: [route],
      message: `${showListener(listener)} serves plain HTTP, and nothing serves the same over TLS`,
      fix: TLS_FIXES[site.proxy] ?? "End TLS in the proxy",
    }),
  ];
};

const TLS_FIXES: Readonly<Partial<Record<ProxyKind, string>>> = {
  caddy:
    "Write the site's name as its address (example.com { ... }): Caddy gets a certificate by itself",
  apache:
    "Add a <VirtualHost *:443> with SSLEngine on, SSLCertificateFile and SSLCertificateKeyFile (certbot --apache writes it)",
  haproxy: "Add: bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1",
  traefik: "Give the router tls: { certResolver: NAME } and the entry point websecure",
};

interface PlainAnswers {
  /** The redirect to HTTPS that plain requests come to. */
  readonly redirect: SiteRoute | undefined;
  /** What answers them before, or instead. */
  readonly content: readonly SiteRoute[];
  /** Nothing is redirected. */
  readonly isWhole: boolean;
}

interface Walk {
  redirect: SiteRoute | undefined;
  readonly content: SiteRoute[];
  /** Paths that are left after a redirect of everything else; `undefined`: all. */
  left: readonly { readonly kind: string; readonly text: string }[] | undefined;
}

/** What the plain side does, up to the first route that takes every request. */
function plainAnswers({ routes }: ProxySite): PlainAnswers {
  const walk: Walk = { redirect: undefined, content: [], left: undefined };
  for (const route of routes) {
    if (route.match.scheme === "https" || !isAmong(route.match, walk.left)) continue;
    if (goesNoFurther(walk, route)) break;
  }
  const { redirect, content } = walk;
  return { redirect, content, isWhole: redirect === undefined };
}

/** Takes one route; whether nothing is left for those after it. */
function goesNoFurther(walk: Walk, route: SiteRoute): boolean {
  const { match, action } = route;
  if (action.kind === "redirect" && action.isToHttps) {
    // One of a single path is about that path.
    if (match.text !== "/") return false;
    walk.redirect ??= route;
    if (isEverything(route))
      walk.left = match.exceptPaths?.filter(({ text }) => !isAcme(text)) ?? [];
    return walk.left?.length === 0;
  }
  if (isContent(route) && !isAcme(match.text)) walk.content.push(route);
  return isEverything(route) && match.exceptPaths === undefined;
}

function isEverything({ match }: SiteRoute): boolean {
  return (
    match.kind === "prefix" &&
    match.text === "/" &&
    match.condition === undefined &&
    match.hosts === undefined
  );
}

/** Whether a route may be for one of the paths that are left; `undefined`: all are. */
function isAmong(
  { kind, text }: SiteRoute["match"],
  left: readonly { readonly kind: string; readonly text: string }[] | undefined,
): boolean {
  if (left === undefined) return true;
  return left.some(
    (one) => pathMatches({ kind, text }, one.text) !== "no" || pathMatches(one, text) !== "no",
  );
}

function isAcme(text: string): boolean {
  return text.startsWith(ACME_PATH.slice(0, -1)) || text.includes("acme-challenge");
}

function isByForwardedProto({ match }: SiteRoute): boolean {
  return /x-forwarded-proto|x-forwarded-ssl|cf-visitor|front-end-https/i.test(
    match.condition ?? "",
  );
}

const tlsNames = new WeakMap<object, ReadonlyMap<string, true>>();

/** Whether the site, or another one of the proxy for a name of it, ends TLS. */
function hasTlsSide(site: ProxySite, wanted: ProxyWanted): boolean {
  if (tlsListeners(site).length > 0) return true;
  const sites = knownValue(wanted.sites) ?? [];
  const names = tlsNames.get(sites) ?? namesWithTls(sites);
  tlsNames.set(sites, names);
  const own = site.names.length > 0 ? site.names : ["*"];
  return own.some((name) => names.has(`${site.proxy} ${name.toLowerCase()}`));
}

/** `*` stands for whatever name: a site without names is answered by any with TLS. */
function namesWithTls(sites: readonly ProxySite[]): ReadonlyMap<string, true> {
  const names = new Map<string, true>();
  for (const site of sites) {
    if (!site.listeners.some(({ isTls, untold }) => isTls || untold !== undefined)) continue;
    for (const name of [...site.names, "*"]) names.set(`${site.proxy} ${name.toLowerCase()}`, true);
  }
  return names;
}

function noRedirect(site: ProxySite, route: SiteRoute, where: string): Finding {
  return siteFinding(site, {
    rule: "http-no-redirect",
    status: "fail",
    at: route,
    text: route.text,
    message: `Plain HTTP on ${where} is answered with content instead of a redirect to HTTPS`,
    fix: FIXES[site.proxy] ?? "Redirect plain HTTP to HTTPS",
  });
}

function partial(site: ProxySite, route: SiteRoute, redirect: SiteRoute, where: string): Finding {
  const { match } = route;
  const what =
    match.text === "/"
      ? `under a condition (${redirect.match.condition ?? "names"})`
      : `not for ${match.text}`;
  return siteFinding(site, {
    rule: "http-redirect-partial",
    status: "fail",
    at: route,
    text: route.text,
    also: [redirect],
    message: `Plain HTTP on ${where} is redirected to HTTPS ${what}`,
    fix: FIXES[site.proxy] ?? "Redirect every plain request to HTTPS",
  });
}

/** Redirects that browsers keep (RFC 9110, 15.4). */
const PERMANENT = new Set([301, 308]);

function temporary(site: ProxySite, redirect: SiteRoute): readonly Finding[] {
  const { action } = redirect;
  if (action.kind !== "redirect" || PERMANENT.has(action.status)) return [];
  return [
    siteFinding(site, {
      rule: "http-redirect-temporary",
      status: "warn",
      at: redirect,
      text: redirect.text,
      message: `The redirect to HTTPS is temporary (${action.status}): browsers do not keep it`,
      fix: TEMPORARY_FIXES[site.proxy] ?? "Answer 301 or 308",
    }),
  ];
}

const TEMPORARY_FIXES: Readonly<Partial<Record<ProxyKind, string>>> = {
  caddy: "Write: redir https://{host}{uri} permanent",
  apache: "Write: Redirect permanent / https://NAME/ (or [R=301,L] behind the RewriteRule)",
  haproxy: "Write: http-request redirect scheme https code 301 unless { ssl_fc }",
  traefik: "Write: permanent: true in the redirection",
};
