import { parseHsts } from "../../../parsers/http/hsts.ts";
import {
  HALF_YEAR_SECONDS,
  HSTS_FIELD,
  HSTS_FIX,
  ignoredBecause,
  ONE_YEAR_SECONDS,
} from "../../live-headers/hsts.ts";
import { type HstsValue, hstsValues, setsHsts } from "../../nginx/hsts.ts";
import { hstsStatements } from "../../nginx/hsts-statements.ts";
import { withValue } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { hstsOf, siteHstsMaxAgeRule, untoldHsts } from "../../proxy-sites/hsts.ts";
import { hstsMaxAge } from "./max-age.control.ts";

/** Less than a year, nothing at all (0), or a value browsers ignore. */
export const hstsShortMaxAge: NginxRule = {
  slug: "hsts-short-max-age",
  status: "fail",
  find: (model) => hstsValues(model).flatMap(hitOf),
};

function hitOf({ server, setting, value, header }: HstsValue): readonly NginxHit[] {
  const { at } = setting;
  const seconds = header.effective?.maxAgeSeconds;
  if (seconds !== undefined && seconds >= ONE_YEAR_SECONDS) return [];
  const what =
    seconds === undefined
      ? `Browsers ignore ${HSTS_FIELD} (${ignoredBecause(header)})`
      : seconds === 0
        ? `max-age=0 of ${HSTS_FIELD} makes browsers forget the host`
        : `max-age of ${HSTS_FIELD} is ${seconds}, less than a year`;
  const better = value.replace(/max-age\s*=\s*"?\d+"?/i, `max-age=${ONE_YEAR_SECONDS}`);
  const isMendable = better !== value && setting.value === value;
  return [
    {
      at,
      servers: [server],
      message: what,
      fix: isMendable
        ? `Set max-age to ${ONE_YEAR_SECONDS} or more`
        : (HSTS_FIX.nginx ?? HSTS_FIX.generic),
      ...(isMendable && { edits: replaceEdit(at, withValue(setting, better)) }),
      status: seconds !== undefined && seconds >= HALF_YEAR_SECONDS ? "warn" : "fail",
    },
  ];
}

export const hstsMaxAgeProxy = proxyCheck({
  control: hstsMaxAge,
  reads:
    "max-age of every Strict-Transport-Security that the proxy sends over TLS; maps of nginx resolved.",
  nginx: [hstsShortMaxAge],
  sites: [siteHstsMaxAgeRule],
  untold: [untoldHsts],
  passes: "max-age is a year or longer wherever the proxy sets it",
  applies: ({ nginx, sites }) =>
    nginx.some(setsHsts) ||
    sites.some((site) => hstsOf(site).length > 0) ||
    `The proxy sets no ${HSTS_FIELD}`,
  states: (concern) =>
    hstsStatements(concern, (values) => parseHsts(values).effective?.maxAgeSeconds.toString()),
});
