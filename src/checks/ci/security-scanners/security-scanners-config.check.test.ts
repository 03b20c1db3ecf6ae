import assert from "node:assert/strict";
import { test } from "node:test";
import type { CiJobs } from "../../../facts/ci-jobs.fact.ts";
import type { CiAction } from "../../../parsers/ci/step.ts";
import { ciSecurityScannersConfig } from "./security-scanners-config.check.ts";

function command(text: string, more: Partial<CiAction> = {}): CiAction {
  const [name = "", ...words] = text.split(" ");
  return {
    file: "ci.yml",
    line: 7,
    step: 7,
    job: "scan",
    kind: "command",
    name,
    words,
    inputs: {},
    ...more,
  };
}

const uses = (name: string, inputs: Readonly<Record<string, string>> = {}) =>
  command(name, { kind: "uses", inputs });
const CODE = command("bandit -r .");
const DEPENDENCIES = command("pip-audit");
const SECRETS = command("detect-secrets-hook --baseline b");
const IMAGES = command("trivy fs --exit-code 1 .");

function jobs(...actions: readonly CiAction[]): CiJobs {
  return { files: ["ci.yml"], actions, problems: [] };
}

const CASES: readonly [name: string, ci: CiJobs, status: string, rules?: string][] = [
  ["the four of the seed", jobs(CODE, DEPENDENCIES, SECRETS, IMAGES), "pass"],
  [
    "their equivalents",
    jobs(
      command("semgrep ci"),
      command("osv-scanner ."),
      command("gitleaks detect"),
      command("grype dir:. --fail-on high"),
    ),
    "pass",
  ],
  [
    "ready-made actions",
    jobs(
      uses("github/codeql-action/analyze@v3"),
      uses("pypa/gh-action-pip-audit@v1"),
      uses("gitleaks/gitleaks-action@v2"),
      uses("aquasecurity/trivy-action@v1", { "exit-code": "1" }),
    ),
    "pass",
  ],
  [
    "in containers",
    jobs(
      CODE,
      DEPENDENCIES,
      SECRETS,
      command("docker run --rm aquasec/trivy:1 fs --exit-code 1 ."),
    ),
    "pass",
  ],
  ["one missing", jobs(CODE, DEPENDENCIES, SECRETS), "warn", "scanner-missing"],
  [
    "only installed",
    jobs(CODE, DEPENDENCIES, command("pip install detect-secrets"), IMAGES),
    "warn",
    "scanner-missing",
  ],
  [
    "only its version",
    jobs(command("bandit --version"), DEPENDENCIES, SECRETS, IMAGES),
    "warn",
    "scanner-missing",
  ],
  [
    "allowed to fail",
    jobs({ ...CODE, mayFail: "|| true" }, DEPENDENCIES, SECRETS, IMAGES),
    "warn",
    "scanner-may-fail",
  ],
  [
    "by hand",
    jobs({ ...CODE, notReached: "when: manual" }, DEPENDENCIES, SECRETS, IMAGES),
    "warn",
    "scanner-not-reached",
  ],
  [
    "by hand, and on push",
    jobs({ ...CODE, notReached: "when: manual" }, CODE, DEPENDENCIES, SECRETS, IMAGES),
    "pass",
  ],
  [
    "trivy without exit code",
    jobs(CODE, DEPENDENCIES, SECRETS, command("trivy fs .")),
    "warn",
    "scanner-toothless",
  ],
  [
    "trivy-action without exit code",
    jobs(CODE, DEPENDENCIES, SECRETS, uses("aquasecurity/trivy-action@v1")),
    "warn",
    "scanner-toothless",
  ],
  [
    "bandit --exit-zero",
    jobs(command("bandit --exit-zero ."), DEPENDENCIES, SECRETS, IMAGES),
    "warn",
    "scanner-toothless",
  ],
  [
    "a scan that nobody judges",
    jobs(CODE, DEPENDENCIES, command("detect-secrets scan"), IMAGES),
    "warn",
    "scanner-toothless",
  ],
  [
    "a scan that the step judges",
    jobs(
      CODE,
      DEPENDENCIES,
      command("detect-secrets scan"),
      command("exit 1", { line: 9 }),
      IMAGES,
    ),
    "pass",
  ],
  [
    "a scan that another step judges",
    jobs(
      CODE,
      DEPENDENCIES,
      command("detect-secrets scan"),
      command("exit 1", { line: 9, step: 9 }),
      IMAGES,
    ),
    "warn",
    "scanner-toothless",
  ],
  [
    "npm audit fix is no audit",
    jobs(CODE, command("npm audit fix"), SECRETS, IMAGES),
    "warn",
    "scanner-missing",
  ],
  ["npm audit", jobs(CODE, command("npm audit --omit=dev"), SECRETS, IMAGES), "pass"],
  ["nothing", jobs(), "warn", "scanner-missing scanner-missing scanner-missing scanner-missing"],
  [
    "a file that does not parse",
    { ...jobs(CODE), problems: [{ file: "b.yml", line: 2, detail: "is not valid YAML" }] },
    "unknown",
  ],
  [
    "a file that does not parse beside all four",
    {
      ...jobs(CODE, DEPENDENCIES, SECRETS, IMAGES),
      problems: [{ file: "b.yml", detail: "is not valid YAML" }],
    },
    "pass",
  ],
];

for (const [name, ci, status, rules] of CASES) {
  test(`ci.security-scanners: ${name} is ${status}`, () => {
    const outcome = ciSecurityScannersConfig.evaluate({ ci }, {});
    assert.equal(outcome.status, status);
    const found =
      "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(" ") : undefined;
    assert.equal(found, rules);
  });
}

test("ci.security-scanners: the evidence is the step's place", () => {
  const outcome = ciSecurityScannersConfig.evaluate({ ci: jobs({ ...CODE, mayFail: "x" }) }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { file: "ci.yml", line: 7, excerpt: "job scan: bandit -r ." },
  ]);
});
