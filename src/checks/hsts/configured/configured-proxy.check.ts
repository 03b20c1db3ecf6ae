import { defineCheck } from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { sourcePlace } from "../../judgement/sourced.ts";
import { httpsAnswers } from "../../live-headers/answers.ts";
import { canonicalHsts } from "../../live-headers/hsts.ts";
import { mainPageStatements } from "../../live-headers/judge-answers.ts";
import { headerStatements } from "../../nginx/header-statements.ts";
import { HSTS, hstsPlaces } from "../../nginx/hsts.ts";
import { auditedRoute, type MainRoute, mainRoutes } from "../../nginx/main-route.ts";
import type { NginxRule } from "../../nginx/rule.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { judgeConfigurations, type SiteRule } from "../../proxy-rules/proxy-check.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { mainSiteRoute, siteFieldStatements } from "../../proxy-sites/field-statements.ts";
import {
  pagesOf,
  siteHstsMissingRule,
  siteHstsNotAlwaysRule,
  siteHstsPlainRule,
} from "../../proxy-sites/hsts.ts";
import { applicationFields, sourceField } from "../../source-headers/application-fields.ts";
import { hstsConfigured } from "./configured.control.ts";
import { hstsLostInLocation, hstsMissing, hstsNotAlways } from "./hsts-rules.ts";

const WANTS = { ...PROXY_WANTS, live: httpSite, source: sourceSettings };
type Wanted = Readings<typeof WANTS>;

export const hstsConfiguredProxy = defineCheck({
  control: hstsConfigured,
  layer: "proxy",
  reads:
    "Every add_header (and more_set_headers) for Strict-Transport-Security of nginx as it is in force in each place that answers over TLS: inheritance, if, maps, always; the same of header (Caddy), Header (Apache), http-response set-header (HAProxy) and headers (Traefik). The live answer is set beside it.",
  wants: WANTS,

  evaluate(_facts, wanted) {
    return judgeConfigurations(
      {
        nginx: [besideLive(hstsMissing, wanted), hstsLostInLocation, hstsNotAlways],
        sites: [
          siteBesideLive(siteHstsMissingRule, wanted),
          siteHstsNotAlwaysRule,
          siteHstsPlainRule,
        ],
        passes: "Strict-Transport-Security is set for every answer over TLS",
        applies: (concern) => speaksTls(concern) || "No server of the proxy speaks TLS",
      },
      wanted,
    );
  },

  states(_facts, wanted) {
    const inner = proxyStatements(wanted);
    return inner === undefined ? [] : [...inner, ...liveStatements(wanted).slice(0, 1)];
  },
});

/** What the proxy in front does to it; `undefined` where none answers with content over TLS. */
function proxyStatements(wanted: Wanted): readonly Statement[] | undefined {
  const told = (values: readonly string[]) =>
    canonicalHsts({ fields: values.map((value) => [HSTS, value] as const) });
  const route = mainRouteOf(wanted);
  if (route !== undefined) return headerStatements(route, HSTS, told);
  const site = mainSiteRoute(concernOf(wanted).sites, knownValue(wanted.live));
  return site && siteFieldStatements(site, HSTS, (value) => told([value]));
}

function speaksTls({ nginx, sites }: Concern): boolean {
  return (
    nginx.some(({ model, servers }) =>
      hstsPlaces(model).some(({ server }) => servers.has(server)),
    ) || sites.some((site) => pagesOf(site).length > 0)
  );
}

function mainRouteOf(wanted: Wanted): MainRoute | undefined {
  const routes = mainRoutes(concernOf(wanted).nginx).filter(({ isTls }) => isTls);
  return auditedRoute(routes, knownValue(wanted.live));
}

function liveStatements({ live }: Wanted) {
  return mainPageStatements(knownValue(live) ?? [], canonicalHsts, httpsAnswers);
}

/** Where every application whose source was read sets it. */
function setInSource({ source }: Wanted): string | undefined {
  const read = knownValue(source);
  const fields = (read === undefined ? [] : applicationFields(read)).map((one) =>
    sourceField(one, "header.strict-transport-security"),
  );
  const [first] = fields;
  return first?.state === "sent" && fields.every(({ state }) => state === "sent")
    ? sourcePlace(first.row)
    : undefined;
}

/** Where the application behind was seen to send it, or where its source says so. */
function sentAt(wanted: Wanted): string | undefined {
  const [seen] = liveStatements(wanted);
  if (seen === undefined) return setInSource(wanted);
  return seen.says === "sets" ? seen.where : undefined;
}

/** The same for the one site of another proxy that the answers can have come from. */
function siteBesideLive(rule: SiteRule, wanted: Wanted): SiteRule {
  const where = sentAt(wanted);
  const { nginx, sites } = concernOf(wanted);
  const answering = nginx.length === 0 ? sites.filter((site) => pagesOf(site).length > 0) : [];
  if (where === undefined || answering.length !== 1) return rule;
  return (site, own) =>
    rule(site, own).map((finding) =>
      finding.status === "warn" && finding.rule === "hsts-missing"
        ? {
            ...finding,
            status: "note",
            message: `${finding.message}; ${where} shows that it does`,
          }
        : finding,
    );
}

/** Where the application behind was seen to send it, nginx need not. */
function besideLive(rule: NginxRule, wanted: Wanted): NginxRule {
  const where = sentAt(wanted);
  const server = where === undefined ? undefined : mainRouteOf(wanted)?.place.server;
  if (server === undefined) return rule;
  return {
    ...rule,
    find: (model) =>
      rule.find(model).map((hit) =>
        hit.status === "warn" && hit.at === server.directive
          ? {
              ...hit,
              status: "note",
              message: `${hit.message}; ${where} shows that it does`,
            }
          : hit,
      ),
  };
}
