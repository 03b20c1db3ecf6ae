import { defineCheck } from "../../../core/check.ts";
import type { ProxyKind } from "../../../facts/proxy-routes.fact.ts";
import type { ProxySite } from "../../../facts/proxy-site.ts";
import { plainAnswers } from "../../nginx/plain-answers.ts";
import type { NginxRule } from "../../nginx/rule.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { hasTls } from "../../nginx/tls-servers.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { judgeConfigurations, type SiteRule } from "../../proxy-rules/proxy-check.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { reachableListeners } from "../../proxy-sites/answering.ts";
import { siteRedirectRule, siteTlsMissingRule } from "../../proxy-sites/redirect.ts";
import { proxyHttpsRedirect } from "./https-redirect.control.ts";
import {
  httpNoRedirect,
  httpRedirectPartial,
  httpRedirectTemporary,
  redirectByIf,
  redirectToHttp,
  tlsMissing,
} from "./redirect-rules.ts";

export const proxyHttpsRedirectProxy = defineCheck({
  control: proxyHttpsRedirect,
  layer: "proxy",
  reads:
    "What nginx would answer to a plain request for every name and location of every listener clients elsewhere reach, by server and location selection, return, rewrite, if and maps; the routes of plain listeners of Caddy (with its automatic redirects), Apache (Redirect, RewriteRule), HAProxy (http-request redirect) and Traefik (redirections, redirectScheme).",
  wants: PROXY_WANTS,

  evaluate(_facts, wanted) {
    const fronts = frontsIn(concernOf(wanted));
    return judgeConfigurations(
      {
        nginx: [
          behindOthers(tlsMissing, fronts),
          httpNoRedirect,
          httpRedirectPartial,
          httpRedirectTemporary,
          redirectByIf,
          redirectToHttp,
        ],
        sites: [siteRedirectRule, siteBehindOthers(siteTlsMissingRule, fronts)],
        passes: "Plain HTTP leads to HTTPS or nowhere",
        applies: (concern) =>
          isReached(concern) || "No server of the proxy is reached by clients elsewhere",
      },
      wanted,
    );
  },
});

/** A configuration of a proxy that ends TLS. */
export type Front = Pick<ProxySite, "proxy" | "file">;

function frontsIn({ nginx, sites }: Concern): readonly Front[] {
  return [
    ...nginx
      .filter(({ model }) => hasTls(model))
      .map(({ model }) => ({ proxy: "nginx" as const, file: model.configuration.file })),
    ...sites.filter(({ listeners }) => listeners.some(({ isTls }) => isTls)),
  ];
}

/** Beside another proxy one may be behind it, as in containers, with TLS ending in front. */
function inFrontOf(proxy: ProxyKind, fronts: readonly Front[]): string | undefined {
  const front = fronts.find((one) => one.proxy !== proxy);
  return front && `, unless ${front.proxy} (${front.file}) stands in front of it`;
}

export function behindOthers(rule: NginxRule, fronts: readonly Front[]): NginxRule {
  const end = inFrontOf("nginx", fronts);
  if (end === undefined) return rule;
  return {
    ...rule,
    find: (model) =>
      rule.find(model).map((hit) => ({ ...hit, status: "warn", message: `${hit.message}${end}` })),
  };
}

export function siteBehindOthers(rule: SiteRule, fronts: readonly Front[]): SiteRule {
  return (site, wanted) => {
    const end = inFrontOf(site.proxy, fronts);
    const found = rule(site, wanted);
    if (end === undefined) return found;
    return found.map((one) => ({ ...one, status: "warn", message: `${one.message}${end}` }));
  };
}

function isReached({ nginx, sites }: Concern): boolean {
  return (
    nginx.some(
      ({ model, servers }) =>
        [...sidesOf(model)].some(([server, { tls }]) => servers.has(server) && tls.length > 0) ||
        plainAnswers(model).some(({ server }) => servers.has(server)),
    ) || sites.some((site) => reachableListeners(site).length > 0)
  );
}
