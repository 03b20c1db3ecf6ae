import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { monitorErrorRateConfig } from "./error-rate-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["ErrorSpike", 'rate(http_requests_total{status=~"5.."}[5m]) > 1', "pass"],
  ["HighErrorRate", "x > 1", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`monitor.error-rate/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(monitorErrorRateConfig, OTHER, [name, text]), status));
}

test("monitor.error-rate/config: without rules it does not apply", () =>
  assert.equal(statusOver(monitorErrorRateConfig), "skip"));
