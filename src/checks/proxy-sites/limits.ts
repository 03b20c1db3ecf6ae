import { knownValue } from "../../core/reading.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { isAtLeast } from "../tls-scan/configured.ts";
import { reachableListeners } from "./answering.ts";
import { replacing } from "./edits.ts";
import { siteFinding } from "./site-finding.ts";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

/** Routes that hand requests on from outside. */
export function passedRoutes(site: ProxySite): readonly SiteRoute[] {
  return reachableListeners(site).length === 0
    ? []
    : site.routes.filter(({ action }) => action.kind === "pass");
}

const RATE_FIXES: Words = {
  caddy:
    "Build Caddy with github.com/mholt/caddy-ratelimit and write: rate_limit { zone app { key {remote_host} events 10 window 1s } }",
  apache:
    "Load mod_qos and write: QS_SrvMaxConnPerIP 50 with QS_ClientEventPerSecLimit 10, or mod_evasive with DOSPageCount 10",
  haproxy:
    "Write in the frontend: stick-table type ip size 100k expire 30s store http_req_rate(10s); http-request track-sc0 src; http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }",
  traefik:
    "Define http.middlewares.limit.rateLimit: { average: 10, burst: 20 } and name it in the router's middlewares",
};

/** No limit of requests on the way to the application. */
export const siteRateLimitRule: SiteRule = (site) => {
  const routes = passedRoutes(site);
  const bare = routes.find(({ limits }) => limits.length === 0);
  if (bare === undefined) return [];
  const others = routes.flatMap(({ limits }) => limits);
  const [other] = others;
  return [
    siteFinding(site, {
      rule: "rate-limit-missing",
      status: "warn",
      at: site,
      text: bare.text,
      also: [bare, ...(other === undefined ? [] : [{ ...other, text: other.key }])],
      message:
        other === undefined
          ? "Nothing limits how many requests a client may make"
          : `Requests are limited on some routes, and not on the way to ${bare.match.text}`,
      fix: RATE_FIXES[site.proxy] ?? "Limit requests by client address",
    }),
  ];
};

/** A table that counts requests for nothing: no rule fills it, or none looks at it. */
export const siteUnusedLimitRule: SiteRule = (site) =>
  site.settings
    .filter(({ name, value }) => name === "stick-table" && value?.includes("not ") === true)
    .map((table) =>
      siteFinding(site, {
        rule: "rate-limit-unused-zone",
        status: "warn",
        at: table,
        text: table.text,
        subject: "stick-table",
        message:
          table.value === "counted, not read"
            ? "Requests are counted in this table, and no rule refuses any because of it"
            : "No rule counts requests in this table",
        fix: "Write: http-request track-sc0 src; http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }",
      }),
    );

/** Largest body a proxy should let through without a reason: 10 MB (catalog, `proxy.body-size`). */
export const BODY_BYTES_MAX = 10_485_760;
/** httpd limits bodies to 1 GiB by itself from here on (CHANGES of 2.4.53 and .54). */
const APACHE_LIMITED_SINCE = "2.4.54";

const BODY_FIXES: Words = {
  caddy: "Write: request_body { max_size 10MB }",
  apache: "Write: LimitRequestBody 10485760",
  haproxy:
    "Write: http-request deny deny_status 413 if { req.hdr_val(content-length) gt 10485760 }",
  traefik:
    "Define http.middlewares.body.buffering.maxRequestBodyBytes: 10485760 and name it in the router",
};

/** Bodies of any length, or longer ones than there is a reason for. */
export const siteBodySizeRule: SiteRule = (site, wanted) => {
  const route = passedRoutes(site).find(({ bodyMax }) => !isBounded(bodyMax));
  if (route === undefined) return [];
  const { bodyMax } = route;
  const fix = BODY_FIXES[site.proxy] ?? "Limit the length of request bodies";
  if (bodyMax.state === "unknown") return [];
  if (bodyMax.state === "unset") {
    return [
      siteFinding(site, {
        rule: "body-size-not-set",
        status: "warn",
        at: site,
        text: route.text,
        also: [route],
        message: unsetBody(site.proxy, wanted),
        fix,
      }),
    ];
  }
  const { value, at, text } = bodyMax;
  const isOpen = value === "unlimited";
  return [
    siteFinding(site, {
      rule: isOpen ? "body-size-unlimited" : "body-size-large",
      status: isOpen ? "fail" : "warn",
      at,
      text,
      also: [route],
      message: isOpen
        ? "Request bodies of any length are taken in"
        : `Request bodies up to ${value} bytes are taken in, more than ${BODY_BYTES_MAX}`,
      fix,
      ...(site.proxy === "apache" && replacing(at, `LimitRequestBody ${BODY_BYTES_MAX}`)),
    }),
  ];
};

function isBounded(bodyMax: SiteRoute["bodyMax"]): boolean {
  return (
    bodyMax.state === "set" && bodyMax.value !== "unlimited" && bodyMax.value <= BODY_BYTES_MAX
  );
}

function unsetBody(proxy: ProxyKind, wanted: ProxyWanted): string {
  if (proxy !== "apache")
    return `Nothing limits the length of request bodies: ${proxy} has no limit of its own`;
  const version = knownValue(wanted.versions)?.find((one) => one.proxy === "apache")?.version;
  if (version === undefined)
    return `No LimitRequestBody is set: before Apache ${APACHE_LIMITED_SINCE} there is no limit, since then 1 GiB, and the version is not known`;
  return isAtLeast(version, APACHE_LIMITED_SINCE)
    ? `No LimitRequestBody is set: Apache ${version} takes in 1 GiB`
    : `No LimitRequestBody is set: Apache ${version} takes in bodies of any length`;
}
