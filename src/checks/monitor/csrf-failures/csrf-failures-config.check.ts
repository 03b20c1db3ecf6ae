import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { monitorCsrfFailures } from "./csrf-failures.control.ts";

export const monitorCsrfFailuresConfig = alertRuleCheck({
  control: monitorCsrfFailures,
  watches: "requests refused as forged",
  matches: /csrf|xsrf|ORIGIN_CHECK_FAILED|\b403\b/i,
  sample: '- alert: ForgedRequests\n  expr: rate(http_requests_total{status="403"}[5m]) > 1',
});
