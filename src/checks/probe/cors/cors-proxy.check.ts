import { defineCheck, notApplicable } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { probeCorsControl } from "./cors.control.ts";
import { proxyStatements } from "./cors-states.ts";

/** For the trace alone: proxy.cors-wildcard-credentials and proxy.origin-regex-weak find what is wrong with it. */
export const probeCorsProxy = defineCheck({
  control: probeCorsControl,
  layer: "proxy",
  reads:
    "Access-Control-Allow-Origin as nginx adds, hides or passes it on, on the main route. For the trace; proxy.cors-wildcard-credentials and proxy.origin-regex-weak judge it.",
  wants: { ...PROXY_WANTS, live: httpSite },
  isTraceOnly: true,

  evaluate() {
    return notApplicable(
      "What the proxy's files allow is judged by proxy.cors-wildcard-credentials and proxy.origin-regex-weak",
    );
  },

  states(_facts, wanted) {
    return proxyStatements(concernOf(wanted), knownValue(wanted.live));
  },
});
