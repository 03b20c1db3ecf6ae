import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { monitorApiAnomalyConfig } from "./api-anomaly-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["UnusualTraffic", "rate(http_requests_total[5m]) > 3 * rate(http_requests_total[1d])", "pass"],
  ["ApiAnomaly", "x > 1", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`monitor.api-anomaly/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(monitorApiAnomalyConfig, OTHER, [name, text]), status));
}

test("monitor.api-anomaly/config: without rules it does not apply", () =>
  assert.equal(statusOver(monitorApiAnomalyConfig), "skip"));
