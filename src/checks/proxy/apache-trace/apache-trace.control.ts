import type { Control } from "../../../core/check.ts";

export const proxyApacheTrace: Control = {
  id: "proxy.apache-trace",
  title: "Apache does not answer TRACE",
  severity: "medium",
  seed: [],
  risk: "A page that can send TRACE reads back fields it may not see itself.",
  rule: "warn: TraceEnable is set to something other than Off. note: it is not set, and TRACE is answered. pass: off.",
  fix: "Apache: TraceEnable Off",
  references: ["https://httpd.apache.org/docs/2.4/mod/core.html#traceenable"],
};
