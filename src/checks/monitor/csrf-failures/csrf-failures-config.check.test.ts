import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { monitorCsrfFailuresConfig } from "./csrf-failures-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["Forged", 'rate(http_requests_total{status="403"}[5m]) > 1', "pass"],
  ["CsrfFailures", "csrf_failures_total > 0", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`monitor.csrf-failures/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(monitorCsrfFailuresConfig, OTHER, [name, text]), status));
}

test("monitor.csrf-failures/config: without rules it does not apply", () =>
  assert.equal(statusOver(monitorCsrfFailuresConfig), "skip"));
