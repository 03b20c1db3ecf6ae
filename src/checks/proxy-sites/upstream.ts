import type { Finding } from "../../core/check.ts";
import type { ProxyKind, Upstream } from "../../facts/proxy-routes.fact.ts";
import type { SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import { isLocalAddress, reachOf } from "../route/address.ts";
import { siteFinding } from "./site-finding.ts";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

const VERIFY_FIXES: Words = {
  caddy:
    "Take tls_insecure_skip_verify away; for an authority of your own write: tls_trust_pool file /etc/caddy/ca.pem",
  apache:
    "Write: SSLProxyVerify require, SSLProxyCACertificateFile /etc/ssl/certs/ca-certificates.crt",
  haproxy: "Write: ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt",
  traefik: "Take insecureSkipVerify away; for an authority of your own name it in rootCAs",
};

/** TLS to an upstream elsewhere whose certificate nobody checks. */
export const siteUpstreamTlsRule: SiteRule = (site) =>
  site.routes.flatMap((route): readonly Finding[] => {
    const remote = isUnverified(site.proxy, route) ? remoteTls(route) : undefined;
    if (remote === undefined) return [];
    const { upstreamVerified: verified } = route;
    return [
      siteFinding(site, {
        rule: "upstream-tls-unverified",
        status: "warn",
        at: verified.state === "set" ? verified.at : route,
        text: verified.state === "set" ? verified.text : route.text,
        also: [route],
        message: `The certificate of ${remote.host} is not checked`,
        fix: VERIFY_FIXES[site.proxy] ?? "Check the upstream's certificate",
      }),
    ];
  });

/** Apache checks certificates of upstreams only where it is told to (mod_ssl, `SSLProxyVerify`). */
function isUnverified(proxy: ProxyKind, { upstreamVerified }: SiteRoute): boolean {
  if (upstreamVerified.state === "set") return !upstreamVerified.value;
  return upstreamVerified.state === "unset" && proxy === "apache";
}

function remoteTls({ action }: SiteRoute): Upstream | undefined {
  return action.kind === "pass"
    ? action.upstreams.find(
        ({ kind, isTls, host }) => kind !== "unix" && isTls && !isLocalAddress(host),
      )
    : undefined;
}

/** Requests go in clear to an upstream whose address is a public one. */
export const siteUpstreamPlainRule: SiteRule = (site) =>
  site.routes.flatMap((route): readonly Finding[] => {
    const { action } = route;
    if (action.kind !== "pass") return [];
    const remote = action.upstreams.find(
      ({ kind, isTls, host }) => kind === "tcp" && !isTls && isPublic(host),
    );
    if (remote === undefined) return [];
    return [
      siteFinding(site, {
        rule: "upstream-plaintext-remote",
        status: "warn",
        at: route,
        text: route.text,
        message: `Requests go to ${remote.host}:${remote.port} in clear`,
        fix: "Reach it over TLS, or through a tunnel (WireGuard)",
      }),
    ];
  });

/** A name with a public suffix, or an address that is routed (RFC 1918, 6598, 3927, 4193 apart). */
function isPublic(host: string): boolean {
  if (isLocalAddress(host)) return false;
  const reach = reachOf(host);
  if (reach !== "name") return reach === "public";
  return (
    /\.[a-z]{2,}$/i.test(host) &&
    !/\.(?:internal|local|lan|localdomain|docker|svc|test|home\.arpa|cluster\.local)$/i.test(host)
  );
}
