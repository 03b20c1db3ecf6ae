import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { monitorErrorRate } from "./error-rate.control.ts";

export const monitorErrorRateConfig = alertRuleCheck({
  control: monitorErrorRate,
  watches: "errors of the server",
  matches:
    /status(?:_code)?\s*=~?\s*"5|\b5xx\b|code="?5|error_?-?(?:rate|ratio|spike)|high_?error|server_?errors?|exceptions_total/i,
  sample: '- alert: ErrorSpike\n  expr: rate(http_requests_total{status=~"5.."}[5m]) > 1',
});
