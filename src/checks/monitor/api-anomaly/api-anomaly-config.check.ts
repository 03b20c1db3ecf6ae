import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { monitorApiAnomaly } from "./api-anomaly.control.ts";

export const monitorApiAnomalyConfig = alertRuleCheck({
  control: monitorApiAnomaly,
  watches: "unusual traffic",
  matches:
    /anomal|unusual|holt_winters|stddev_over_time|predict_linear|traffic|request_?-?(?:rate|spike)/i,
  sample:
    "- alert: UnusualTraffic\n  expr: rate(http_requests_total[5m]) > 3 * rate(http_requests_total[1d])",
});
