import { defineCheck } from "../../../core/check.ts";
import type { ProxySite } from "../../../facts/proxy-site.ts";
import { plainAnswers } from "../../nginx/plain-answers.ts";
import type { NginxRule } from "../../nginx/rule.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { judgeConfigurations } from "../../proxy-rules/proxy-check.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
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
    "What nginx would answer to a plain request for every name and location of every listener clients elsewhere reach, by server and location selection, return, rewrite, if and maps.",
  wants: PROXY_WANTS,

  evaluate: (_facts, wanted) =>
    judgeConfigurations(
      {
        nginx: [
          behindOthers(tlsMissing, concernOf(wanted).sites),
          httpNoRedirect,
          httpRedirectPartial,
          httpRedirectTemporary,
          redirectByIf,
          redirectToHttp,
        ],
        passes: "Plain HTTP leads to HTTPS or nowhere",
        applies: (concern) =>
          isReached(concern) || "No server of the proxy is reached by clients elsewhere",
      },
      wanted,
    ),
});

type Front = Pick<ProxySite, "proxy" | "file"> & {
  readonly listeners: readonly Pick<ProxySite["listeners"][number], "isTls">[];
};

/** Beside another proxy nginx may be the one behind it, as in containers, with TLS ending in front. */
export function behindOthers(rule: NginxRule, sites: readonly Front[]): NginxRule {
  const front = sites.find(({ listeners }) => listeners.some(({ isTls }) => isTls));
  if (front === undefined) return rule;
  const end = `, unless ${front.proxy} (${front.file}) stands in front of it`;
  return {
    ...rule,
    find: (model) =>
      rule.find(model).map((hit) => ({ ...hit, status: "warn", message: `${hit.message}${end}` })),
  };
}

function isReached({ nginx }: Concern): boolean {
  return nginx.some(
    ({ model, servers }) =>
      [...sidesOf(model)].some(([server, { tls }]) => servers.has(server) && tls.length > 0) ||
      plainAnswers(model).some(({ server }) => servers.has(server)),
  );
}
