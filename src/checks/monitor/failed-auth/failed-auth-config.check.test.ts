import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOver } from "../../alert-rules/example-alerts.ts";
import { monitorFailedAuthConfig } from "./failed-auth-config.check.ts";

const OTHER = ["InstanceDown", "up == 0"] as const;
const cases: readonly (readonly [string, string, string])[] = [
  ["FailedLogins", "rate(login_failures_total[5m]) > 1", "pass"],
  ["shop-auth", "filter = shop-auth", "pass"],
  ["DiskFull", "node_filesystem_free_bytes < 1e9", "warn"],
  ["sshd", "filter = sshd", "warn"],
];
for (const [name, text, status] of cases) {
  test(`monitor.failed-auth/config: ${name} is ${status}`, () =>
    assert.equal(statusOver(monitorFailedAuthConfig, OTHER, [name, text]), status));
}

test("monitor.failed-auth/config: without rules it does not apply", () =>
  assert.equal(statusOver(monitorFailedAuthConfig), "skip"));
