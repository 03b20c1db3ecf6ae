import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Problem, unknown } from "../../../core/reading.ts";
import type { AuditResult, AuditRun } from "../../../facts/dependency-audit.fact.ts";
import { depsAuditHost } from "./audit-host.check.ts";

const clean: AuditResult = { examined: 12, skipped: [], vulnerabilities: [], ageDays: 0 };
const django = {
  package: "django",
  version: "4.2.0",
  id: "PYSEC-2024-1",
  aliases: ["CVE-2024-1"],
  fixedIn: ["4.2.10"],
};

function run(tool: string, result: Partial<AuditResult> = {}): AuditRun {
  return { tool, result: known({ ...clean, ...result }) };
}
function missing(tool: string): AuditRun {
  return { tool, result: unknown("tool-missing", "not installed") };
}
function evaluate(manifests: readonly string[], runs: readonly AuditRun[]) {
  return depsAuditHost.evaluate({ audit: { manifests, runs } }, {});
}

const PY = ["requirements.txt"];
const BOTH = ["requirements.txt", "web/package-lock.json"];
const cases: readonly [
  name: string,
  manifests: readonly string[],
  runs: readonly AuditRun[],
  answer: string,
][] = [
  ["clean", PY, [run("pip-audit")], "pass"],
  ["missing tool, then another", PY, [missing("pip-audit"), run("uv run pip-audit")], "pass"],
  ["no tool", PY, [missing("pip-audit"), missing("uv run pip-audit")], "unknown"],
  ["no run", PY, [], "unknown"],
  ["nothing examined", PY, [run("pip-audit", { examined: 0 })], "unknown"],
  ["timed out", PY, [{ tool: "pip-audit", result: unknown("timed-out", "late") }], "unknown"],
  ["absent result", PY, [{ tool: "pip-audit", result: absent("no lock file") }], "unknown"],
  ["vulnerable", PY, [run("pip-audit", { vulnerabilities: [django] })], "vulnerable-dependency"],
  ["a report of 7 days", PY, [run("audit.json", { ageDays: 7 })], "pass"],
  ["a report of 7.5 days", PY, [run("audit.json", { ageDays: 7.5 })], "report-too-old"],
  [
    "an old report beside a run of now",
    PY,
    [run("audit.json", { ageDays: 30, vulnerabilities: [django] }), run("pip-audit")],
    "pass",
  ],
  [
    "an old report with findings",
    PY,
    [run("audit.json", { ageDays: 30, vulnerabilities: [django] }), missing("pip-audit")],
    "vulnerable-dependency, report-too-old",
  ],
  ["an index of 30 days", PY, [run("OSV index (python)", { dataAgeDays: 30 })], "pass"],
  ["an index of 31 days", PY, [run("OSV index (python)", { dataAgeDays: 31 })], "index-too-old"],
  [
    "an old index beside a run of now",
    PY,
    [run("OSV index (python)", { dataAgeDays: 31 }), run("pip-audit")],
    "pass",
  ],
  ["not all examined", PY, [run("OSV index (python)", { gap: "x has no version" })], "unknown"],
  [
    "not all examined, all by another",
    PY,
    [run("OSV index (python)", { gap: "x has no version" }), run("pip-audit")],
    "pass",
  ],
  ["an index covers its own ecosystem", BOTH, [run("OSV index (python)")], "unknown"],
  [
    "development only",
    PY,
    [run("OSV index (python)", { vulnerabilities: [{ ...django, group: "development" }] })],
    "pass",
  ],
  [
    "an optional extra",
    PY,
    [run("OSV index (python)", { vulnerabilities: [{ ...django, group: "optional" }] })],
    "vulnerable-dependency",
  ],
  ["both audited", BOTH, [run("pip-audit"), run("npm audit")], "pass"],
  ["osv-scanner covers both", BOTH, [run("osv-scanner")], "pass"],
  ["one of two audited", BOTH, [run("pip-audit"), missing("npm audit")], "unknown"],
  [
    "one of two audited and vulnerable",
    BOTH,
    [run("pip-audit", { vulnerabilities: [django] }), missing("npm audit")],
    "vulnerable-dependency",
  ],
  ["a foreign lock file", ["Cargo.lock"], [run("osv-scanner")], "pass"],
  ["a file of a requirements folder", ["requirements/base.txt"], [run("pip-audit")], "pass"],
  ["a venv alone", [".venv"], [run("pip-audit")], "pass"],
];

for (const [name, manifests, runs, answer] of cases) {
  test(`deps.audit/host: ${name} is ${answer}`, () => {
    const outcome = evaluate(manifests, runs);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(", ") : "";
    assert.equal(rules || outcome.status, answer);
  });
}

test("deps.audit/host: a vulnerable package is named with ids and fixed version", () => {
  const second = { ...django, id: "PYSEC-2024-2", aliases: [], fixedIn: [] };
  const skipped = [{ name: "local", reason: "not on PyPI" }];
  const outcome = evaluate(PY, [
    { ...run("pip-audit", { skipped, vulnerabilities: [django, second] }), version: "2.9.0" },
  ]);
  assert.deepEqual(outcome, {
    status: "warn",
    summary: "django 4.2.0 has PYSEC-2024-1 (CVE-2024-1), PYSEC-2024-2; fixed in 4.2.10",
    findings: [
      {
        rule: "vulnerable-dependency",
        status: "warn",
        subject: "django",
        message: "django 4.2.0 has PYSEC-2024-1 (CVE-2024-1), PYSEC-2024-2; fixed in 4.2.10",
        fix: "Run: uv run pip-audit --fix; or pip install --upgrade 'django>=4.2.10' (and raise it in the requirements)",
        evidence: [
          {
            excerpt:
              "pip-audit 2.9.0, 12 packages, 1 skipped (local), 2 vulnerabilities: django 4.2.0: PYSEC-2024-1 (CVE-2024-1), PYSEC-2024-2",
          },
        ],
      },
    ],
  });
});

test("deps.audit/host: what was not audited is said", () => {
  assert.deepEqual(evaluate(BOTH, [run("pip-audit"), missing("npm audit")]), {
    status: "unknown",
    problem: {
      code: "tool-missing",
      detail:
        "web/package-lock.json not audited: npm audit: not installed; install npm, or put a report into .plimsoll/npm-audit.json",
    },
  });
});

test("deps.audit/host: the advice fits what stood in the way", () => {
  const failing = (tool: string, code: Problem["code"], detail: string) => {
    const outcome = evaluate(PY, [{ tool, result: unknown(code, detail) }]);
    return outcome.status === "unknown" ? outcome.problem.detail : "";
  };
  assert.match(
    failing("osv-scanner", "tool-missing", "osv-scanner is not installed"),
    / not audited: osv-scanner is not installed; install osv-scanner, or put a report into \.plimsoll\/osv-report\.json$/,
  );
  assert.match(
    failing("pip-audit", "unreachable", "pip-audit could not reach its advisory source"),
    / not audited: pip-audit could not reach its advisory source; put a report into \.plimsoll\/pip-audit\.json$/,
  );
});

test("deps.audit/host: a hostile package name never reaches a command line", () => {
  const hostile = { ...django, package: "x'; rm -rf /; '" };
  const outcome = evaluate(PY, [run("pip-audit", { vulnerabilities: [hostile] })]);
  assert.equal("findings" in outcome && outcome.findings[0].fix, "Run: uv run pip-audit --fix");
});

test("deps.audit/host: what two runs tell under different ids is one, with file and line", () => {
  const at = { file: "poetry.lock", line: 7 };
  const told = { ...django, package: "Django", id: "CVE-2024-1", aliases: ["PYSEC-2024-1"], at };
  const outcome = evaluate(PY, [
    run("pip-audit", { vulnerabilities: [django] }),
    run("OSV index (python)", { vulnerabilities: [told], dataAgeDays: 3 }),
  ]);
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings.length, 1);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      file: "poetry.lock",
      line: 7,
      excerpt:
        "OSV index (python), 12 packages, 1 vulnerabilities, advisories of 3 days ago: Django 4.2.0: CVE-2024-1 (PYSEC-2024-1)",
    },
  ]);
});
