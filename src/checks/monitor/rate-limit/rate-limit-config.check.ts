import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { monitorRateLimit } from "./rate-limit.control.ts";

export const monitorRateLimitConfig = alertRuleCheck({
  control: monitorRateLimit,
  watches: "limits that are hit",
  matches: /\b429\b|rate_?-?limit|throttl|too_?many_?requests|nginx-limit-req/i,
  sample: '- alert: LimitsHit\n  expr: rate(http_requests_total{status="429"}[5m]) > 1',
});
