import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { apacheTraceRule } from "../../proxy-sites/apache.ts";
import { proxyApacheTrace } from "./apache-trace.control.ts";

export const proxyApacheTraceProxy = proxyCheck({
  control: proxyApacheTrace,
  reads: "TraceEnable of Apache's main server.",
  kinds: ["apache"],
  globals: [apacheTraceRule],
  passes: "TRACE is refused",
});
