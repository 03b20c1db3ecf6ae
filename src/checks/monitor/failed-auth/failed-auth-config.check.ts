import { alertRuleCheck } from "../../alert-rules/alert-rule-check.ts";
import { monitorFailedAuth } from "./failed-auth.control.ts";

export const monitorFailedAuthConfig = alertRuleCheck({
  control: monitorFailedAuth,
  watches: "failed logins",
  matches:
    /(?:log_?in|auth\w*|sign_?in|password|credential)\w*.{0,60}(?:fail|error|denied|invalid|reject)|(?:fail|invalid|denied|reject)\w*.{0,60}(?:log_?in|auth|sign_?in|password)|\b401\b|filter = (?:nginx-http-auth|[\w-]*-(?:auth|login))/i,
  sample: '- alert: FailedLogins\n  expr: rate(http_requests_total{status="401"}[5m]) > 1',
});
