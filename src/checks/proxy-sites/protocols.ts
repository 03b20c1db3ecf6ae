import { knownValue } from "../../core/reading.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { isAtLeast } from "../tls-scan/configured.ts";
import { reachableListeners, tlsListeners } from "./answering.ts";
import { passedRoutes } from "./limits.ts";
import { siteFinding } from "./site-finding.ts";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

const WEBSOCKET_FIXES: Words = {
  apache:
    "Write: ProxyPass / http://127.0.0.1:8000/ upgrade=websocket (from 2.4.47 on), or load mod_proxy_wstunnel and write before it: ProxyPass /ws/ ws://127.0.0.1:8000/ws/",
};
/** Paths by which applications offer WebSocket. */
const WEBSOCKET_PATH =
  /(?:^|\/)(?:ws|wss|websocket|socket\.io|sockjs|signalr|cable|hubs?)(?:\/|$)/i;

/** A route whose path names WebSocket, or that says what becomes of an upgrade. */
export function isForWebsocket({ action, match, websocket }: SiteRoute): boolean {
  return action.kind === "pass" && (WEBSOCKET_PATH.test(match.text) || websocket.state !== "unset");
}

/** A path meant for WebSocket on which an upgrade is not passed on. */
export const siteWebsocketRule: SiteRule = (site) =>
  passedRoutes(site)
    .filter(({ match }) => WEBSOCKET_PATH.test(match.text))
    .filter((route) => !passesUpgrades(site.proxy, route))
    .map((route) =>
      siteFinding(site, {
        rule: "websocket-incomplete",
        status: "warn",
        at: route.websocket.state === "set" ? route.websocket.at : route,
        text: route.text,
        message: `${route.match.text} is handed on without its upgrade to WebSocket`,
        fix: WEBSOCKET_FIXES[site.proxy] ?? "Pass Upgrade and Connection on",
      }),
    );

function passesUpgrades(proxy: ProxyKind, { websocket }: SiteRoute): boolean {
  if (websocket.state === "set") return websocket.value;
  return websocket.state === "unknown" || proxy !== "apache";
}

const HTTP2_FIXES: Words = {
  caddy: "Take the protocols line without h2 out of servers: Caddy speaks HTTP/2 by itself",
  apache: "Load mod_http2 (a2enmod http2) and write: Protocols h2 http/1.1",
  haproxy: "Write: bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1",
  traefik: "Add h2 to alpnProtocols of the TLS options",
};
/** HAProxy offers h2 by itself from here on (CHANGELOG of 2.8). */
const HAPROXY_H2_SINCE = "2.8";

/** No HTTP/2 for a site with TLS. */
export const siteHttp2Rule: SiteRule = (site, wanted) => {
  const [listener] = tlsListeners(site);
  if (listener === undefined || !site.routes.some(({ action }) => action.kind !== "own-page"))
    return [];
  const { http2 } = site;
  if (http2.state === "unknown" || (http2.state === "set" && http2.value)) return [];
  if (http2.state === "unset" && hasHttp2ByItself(site.proxy, wanted)) return [];
  const isOpen = site.proxy === "haproxy" && http2.state === "unset" && !isVersionKnown(wanted);
  return [
    siteFinding(site, {
      rule: "http2-missing",
      status: "warn",
      at: http2.state === "set" ? http2.at : listener,
      text: http2.state === "set" ? http2.text : "",
      message: isOpen
        ? `No alpn is set: HAProxy offers HTTP/2 by itself from ${HAPROXY_H2_SINCE} on, and its version is not known`
        : "HTTP/2 is not offered",
      fix: HTTP2_FIXES[site.proxy] ?? "Offer h2 in ALPN",
    }),
  ];
};

function isVersionKnown({ versions }: ProxyWanted): boolean {
  return knownValue(versions)?.some(({ proxy }) => proxy === "haproxy") === true;
}

function hasHttp2ByItself(proxy: ProxyKind, wanted: ProxyWanted): boolean {
  if (proxy === "caddy" || proxy === "traefik") return true;
  const version = knownValue(wanted.versions)?.find((one) => one.proxy === proxy)?.version;
  return proxy === "haproxy" && version !== undefined && isAtLeast(version, HAPROXY_H2_SINCE);
}

const DEFAULT_FIXES: Words = {
  apache:
    "Put first, before every other: <VirtualHost *:443> with ServerName default.invalid, the certificate and: Redirect 404 /",
  haproxy:
    "Write in the frontend: http-request deny unless { hdr(host) -i NAME }, or use_backend by name and no default_backend",
};

/** Names nobody was told of are served the application, on products whose first or only site takes them. */
export const siteDefaultServerRule: SiteRule = (site) => {
  if (site.proxy !== "apache" && site.proxy !== "haproxy") return [];
  const [listener] = reachableListeners(site)
    .filter(({ defaultFor }) => defaultFor !== "no")
    .toSorted((a, b) => Number(b.isTls) - Number(a.isTls));
  if (listener === undefined) return [];
  const scheme = listener.isTls ? "https" : "http";
  const served = site.routes.find(
    ({ match, action }) =>
      match.hosts === undefined &&
      (match.scheme === undefined || match.scheme === scheme) &&
      action.kind === "pass",
  );
  const refuses = site.routes.some(
    ({ match, action }) =>
      action.kind === "answer" &&
      (action.status >= 400 || action.status === 0) &&
      /hdr(?:_[a-z]+)?\(host\)/i.test(match.condition ?? ""),
  );
  if (served === undefined || refuses) return [];
  return [
    siteFinding(site, {
      rule: listener.isTls ? "tls-no-default-server" : "no-default-server",
      status: "warn",
      at: site,
      text: served.text,
      also: [served],
      message:
        listener.defaultFor === "implied"
          ? "Names that are not configured are served this site, as it comes first"
          : "Names that are not configured are served as well",
      fix: DEFAULT_FIXES[site.proxy] ?? "Refuse unknown names",
    }),
  ];
};
