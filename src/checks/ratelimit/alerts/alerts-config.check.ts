import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { ratelimitAlerts } from "./alerts.control.ts";

export const ratelimitAlertsConfig = alertRuleCheck({
  control: ratelimitAlerts,
  watches: "limits that are hit",
  matches: /\b429\b|rate_?-?limit|throttl|too_?many_?requests|nginx-limit-req/i,
  sample: '- alert: LimitsHit\n  expr: rate(http_requests_total{status="429"}[5m]) > 1',
});
