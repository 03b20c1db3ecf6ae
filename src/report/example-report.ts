import type { ControlResult, Report } from "../core/report.ts";

/** A small report with every kind of control, for the renderers' tests. `excerpt` replaces one quotation. */
export function exampleReport(excerpt = 'DJANGO_DEBUG="1"'): Report {
  return {
    schema: "plimsoll.report/1",
    tool: { name: "plimsoll", version: "0.1.0" },
    target: { directory: "/srv/app", urls: [], host: "node1" },
    mode: { label: "hub", roles: ["hub"], decidedBy: "CLUSTER_ENABLED=1 (.env:3)" },
    startedAt: "2026-11-22T00:00:00.000Z",
    durationMs: 12,
    summary: { pass: 1, warn: 0, fail: 1, skip: 1, unknown: 1, waived: 0 },
    exitCode: 2,
    controls: [failing(excerpt), passing, skipped, unknown],
    grades: [],
    problems: [{ fact: "listeners", code: "denied", detail: "may not look" }],
  };
}

const BASE = { seed: ["S1.18"], references: ["https://example.org/"], findings: [] } as const;

function failing(excerpt: string): ControlResult {
  return {
    ...BASE,
    id: "env.debug",
    title: "Debug mode is off",
    severity: "critical",
    status: "fail",
    summary: "Debug mode is on",
    layers: [{ layer: "config", status: "fail", summary: "Debug mode is on" }],
    findings: [
      {
        rule: "debug-on",
        status: "fail",
        severity: "critical",
        layer: "config",
        message: "Debug mode is on",
        fix: "set DJANGO_DEBUG=0 in .env",
        evidence: [{ file: ".env", line: 2, excerpt }],
        fingerprint: "0123456789abcdef",
      },
    ],
    trace: {
      verdict: "overridden",
      steps: [
        { layer: "source", says: "sets", value: "off", where: "settings.py:3" },
        { layer: "config", says: "sets", value: "on", where: ".env:2" },
      ],
    },
  };
}

const passing: ControlResult = {
  ...BASE,
  id: "env.stage",
  title: "Stage",
  severity: "medium",
  status: "pass",
  summary: "Declared as production",
  layers: [
    {
      layer: "config",
      status: "pass",
      summary: "Declared as production",
      evidence: [{ file: ".env", line: 1, excerpt: 'DJANGO_ENV="production"' }],
    },
  ],
};

const skipped: ControlResult = {
  ...BASE,
  id: "agent.hub-https",
  title: "TLS",
  severity: "critical",
  status: "skip",
  because: "not-applicable",
  summary: "Not an agent",
  layers: [{ layer: "config", status: "skip", because: "not-applicable", summary: "Not an agent" }],
};

const unknown: ControlResult = {
  ...BASE,
  id: "hub.bind-address",
  title: "Bind",
  severity: "high",
  status: "unknown",
  because: "denied",
  summary: "may not look",
  layers: [
    {
      layer: "host",
      status: "unknown",
      because: "denied",
      summary: "may not look",
      problem: { code: "denied", detail: "may not look" },
    },
  ],
};
