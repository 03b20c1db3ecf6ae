import { defineCheck, notApplicable } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { tlsRedirectControl } from "./redirect.control.ts";
import { proxyStatements } from "./redirect-states.ts";

/** For the trace alone: what is wrong with it is proxy.https-redirect's to find. */
export const tlsRedirectProxy = defineCheck({
  control: tlsRedirectControl,
  layer: "proxy",
  reads:
    "What nginx answers to a plain request for the main page. For the trace; proxy.https-redirect judges it.",
  wants: { ...PROXY_WANTS, live: httpSite },
  isTraceOnly: true,

  evaluate() {
    return notApplicable("What the proxy's files redirect is judged by proxy.https-redirect");
  },

  states(_facts, wanted) {
    return proxyStatements(concernOf(wanted), knownValue(wanted.live));
  },
});
