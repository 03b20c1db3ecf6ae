import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { ratelimitAlertsConfig } from "./alerts-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["LimitsHit", 'rate(http_requests_total{status="429"}[5m]) > 1', "pass"],
  ["Throttled", "throttled_requests_total > 9", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`ratelimit.alerts/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(ratelimitAlertsConfig, OTHER, [name, text]), status));
}

test("ratelimit.alerts/config: without rules it does not apply", () =>
  assert.equal(statusOver(ratelimitAlertsConfig), "skip"));
