import { parseHsts } from "../../../parsers/http/hsts.ts";
import { HSTS_FIELD } from "../../live-headers/hsts.ts";
import { type HstsValue, hstsValues, setsHsts } from "../../nginx/hsts.ts";
import { hstsStatements } from "../../nginx/hsts-statements.ts";
import { withValue } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { hstsOf, siteHstsNoSubdomainsRule, untoldHsts } from "../../proxy-sites/hsts.ts";
import { hstsIncludeSubdomains } from "./include-subdomains.control.ts";

/** A value browsers ignore altogether is the matter of hsts.max-age. */
export const hstsNoIncludesubdomains: NginxRule = {
  slug: "hsts-no-includesubdomains",
  status: "fail",
  find: (model) => hstsValues(model).flatMap(hitOf),
};

function hitOf({ server, setting, value, header }: HstsValue): readonly NginxHit[] {
  const { at } = setting;
  if (header.effective === undefined || header.effective.includeSubDomains) return [];
  if (header.effective.maxAgeSeconds === 0) return [];
  const better = `${value.replace(/[\s;]+$/, "")}; includeSubDomains`;
  return [
    {
      at,
      servers: [server],
      message: `${HSTS_FIELD} does not cover the subdomains`,
      fix: `After every subdomain in use speaks https, send: ${better}`,
      ...(setting.value === value && {
        edits: replaceEdit(at, withValue(setting, better)),
      }),
    },
  ];
}

export const hstsIncludeSubdomainsProxy = proxyCheck({
  control: hstsIncludeSubdomains,
  reads:
    "includeSubDomains in every Strict-Transport-Security that the proxy sends over TLS; maps of nginx resolved.",
  nginx: [hstsNoIncludesubdomains],
  sites: [siteHstsNoSubdomainsRule],
  untold: [untoldHsts],
  passes: "includeSubDomains is set wherever the proxy sets HSTS",
  applies: ({ nginx, sites }) =>
    nginx.some(setsHsts) ||
    sites.some((site) => hstsOf(site).length > 0) ||
    `The proxy sets no ${HSTS_FIELD}`,
  states: (concern) =>
    hstsStatements(concern, (values) =>
      parseHsts(values).effective?.includeSubDomains === true ? "includeSubDomains" : undefined,
    ),
});
