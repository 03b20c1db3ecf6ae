import assert from "node:assert/strict";
import { test } from "node:test";

import type { CompatRow } from "../core/check.ts";
import type { ControlResult, Report } from "../core/report.ts";
import { type CompatOptions, renderCheckSecurity } from "./check-security.report.ts";
import { exampleReport } from "./example-report.ts";

const ROWS: Readonly<Record<string, CompatRow>> = {
  "env.debug": { group: "common", order: 2, check: "debug_mode", level: "fail" },
  "env.file-permissions": { group: "common", order: 3, check: "env_permissions", level: "warn" },
  "deps.audit": { group: "common", order: 5, check: "dependencies", level: "warn" },
  "agent.hub-https": { group: "agent", order: 6, check: "hub_tls", level: "fail" },
  "hub.cluster-secret": { group: "hub", order: 10, check: "hub_cluster_secret", level: "fail" },
  "hub.api-auth": { group: "hub", order: 10, check: "hub_api_auth", level: "fail" },
  "hub.bind-address": { group: "hub", order: 11, check: "bind_address", level: "warn" },
};
const controls = new Map(Object.entries(ROWS).map(([id, compat]) => [id, { compat }]));
const options: CompatOptions = {
  format: "text",
  style: "seed",
  isColoured: false,
  isComplete: false,
  name: "app",
};
const render = (report: Report, more: Partial<CompatOptions> = {}) =>
  renderCheckSecurity(report, controls, { ...options, ...more });

function like(id: string, change: Partial<ControlResult>): ControlResult {
  const [failing] = exampleReport().controls;
  assert.ok(failing);
  return { ...failing, id, ...change };
}
function reportOf(...results: ControlResult[]): Report {
  return { ...exampleReport(), controls: results };
}

test("seed style: banner, mode, groups, one finding per line, em dash, tally", () => {
  const { output, exitCode } = render(exampleReport());
  assert.equal(
    output,
    `
============================================
   app Security Audit
============================================

  Detected mode: hub

=== Common Security Checks ===

[FAIL] Debug mode is on — Fix: set DJANGO_DEBUG=0 in .env

=== Hub-Mode Security Checks ===

[WARN] Not verified: may not look — Fix: run it as root or as the service's user

  0 passed, 1 warning(s), 1 failure(s)
`,
  );
  assert.equal(exitCode, 2);
});

test("reference style: blanks instead of brackets, the fix on its own line", () => {
  const { output } = render(exampleReport(), { style: "reference" });
  assert.match(output, /^ {2}FAIL Debug mode is on\n {7}Fix: set DJANGO_DEBUG=0 in \.env$/m);
});

test("json: one line, keys in order, no fix on a pass, compact", () => {
  const report = reportOf(
    like("env.debug", { status: "pass", findings: [], summary: "Off" }),
    like("hub.bind-address", {}),
  );
  assert.equal(
    render(report, { format: "json" }).output,
    '[{"check":"debug_mode","status":"pass","message":"Off"},{"check":"bind_address","status":"warn","message":"Debug mode is on","fix":"set DJANGO_DEBUG=0 in .env"}]\n',
  );
});

test("a native fail on a check of the seed's WARN level counts as a warning", () => {
  assert.equal(render(reportOf(like("env.file-permissions", {}))).exitCode, 1);
  assert.equal(render(reportOf(like("env.debug", {}))).exitCode, 2);
});

test("a neutral unknown is skip, named, counted apart, and does not raise the exit code", () => {
  const neutral = like("deps.audit", {
    status: "unknown",
    because: "tool-missing",
    unknownExit: "neutral",
    findings: [],
    summary: "no auditor",
  });
  const { output, exitCode } = render(reportOf(neutral));
  assert.match(output, /^\[SKIP\] Not verified: no auditor — Fix: /m);
  assert.match(output, /0 passed, 0 warning\(s\), 0 failure\(s\), 1 not verified/);
  assert.equal(exitCode, 0);
  assert.equal(render({ ...reportOf(neutral), exitCode: 3 }).exitCode, 1);
});

test("checks of an inactive group do not appear", () => {
  assert.doesNotMatch(render(reportOf(like("agent.hub-https", {}))).output, /Agent-Mode|debug/);
});

const skip = {
  status: "skip",
  because: "not-applicable",
  findings: [],
  summary: "other generation",
} as const;
const generations: readonly [
  name: string,
  first: Partial<ControlResult>,
  second: Partial<ControlResult>,
  rows: readonly string[],
][] = [
  ["generation 1 alone", {}, skip, ["hub_cluster_secret"]],
  ["generation 2 alone", skip, {}, ["hub_api_auth"]],
  ["both judged", {}, {}, ["hub_cluster_secret", "hub_api_auth"]],
  ["neither applies", skip, skip, ["hub_cluster_secret"]],
];
for (const [name, first, second, rows] of generations) {
  test(`generations: ${name} gives ${rows}`, () => {
    const report = reportOf(like("hub.cluster-secret", first), like("hub.api-auth", second));
    const parsed = JSON.parse(render(report, { format: "json" }).output) as { check: string }[];
    assert.deepEqual(
      parsed.map(({ check }) => check),
      rows,
    );
  });
}

test("messages hold no line break and no control character, and the JSON stays parsable", () => {
  const hostile = like("env.debug", { summary: "a\r\nb\u001b[31m\u0000\ud800" });
  assert.match(render(reportOf(hostile)).output, /^\[FAIL\] a\\r\\nb\\u\{1b\}\[31m/m);
  const [row] = JSON.parse(render(reportOf(hostile), { format: "json" }).output) as {
    message: string;
  }[];
  assert.equal(row?.message, "a\\r\\nb\\u{1b}[31m\\u{0}\ufffd");
});

test("--all adds the other controls under their own ids", () => {
  const report = reportOf(
    like("env.debug", {}),
    like("env.stage", { status: "pass", findings: [] }),
  );
  const parsed = JSON.parse(render(report, { format: "json", isComplete: true }).output) as {
    check: string;
  }[];
  assert.deepEqual(
    parsed.map(({ check }) => check),
    ["debug_mode", "env.stage"],
  );
});
