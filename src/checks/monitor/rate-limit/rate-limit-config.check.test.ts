import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { monitorRateLimitConfig } from "./rate-limit-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["LimitsHit", 'rate(http_requests_total{status="429"}[5m]) > 1', "pass"],
  ["nginx", "filter = nginx-limit-req", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`monitor.rate-limit/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(monitorRateLimitConfig, OTHER, [name, text]), status));
}

test("monitor.rate-limit/config: without rules it does not apply", () =>
  assert.equal(statusOver(monitorRateLimitConfig), "skip"));
