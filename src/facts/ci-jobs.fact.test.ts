import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { CI_FILES_MAX, ciJobs } from "./ci-jobs.fact.ts";

const ROOT = "/srv/app";

async function jobsOf(files: Readonly<Record<string, string>>) {
  const context: CollectContext = {
    host: createMemoryHost({
      files: Object.fromEntries(
        Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]),
      ),
    }),
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  const tree = {
    files: Object.keys(files)
      .sort()
      .map((path) => ({ path, kind: "file" as const })),
    ...{ directories: [], isTruncated: false, unreadable: [] },
  };
  return ciJobs.collect(context, { tree }, {});
}

/** `file:line name words`, `(...)` why it is not reached, `[...]` why it may fail. */
async function actionsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const reading = await jobsOf(files);
  assert.ok(reading.state === "known");
  return reading.value.actions.map(({ file, line, name, words, notReached, mayFail }) =>
    [
      `${file}:${line}`,
      name,
      ...words,
      ...(notReached === undefined ? [] : [`(${notReached})`]),
      ...(mayFail === undefined ? [] : [`[${mayFail}]`]),
    ].join(" "),
  );
}

const W = ".github/workflows/a.yml";
const job = (steps: string, more = "", on = "on: push\n") =>
  `${on}jobs:\n  scan:\n${more}    steps:\n${steps}`;
const RUN = "      - run: bandit -r .\n";

const CASES: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
][] = [
  ["a command", { [W]: job(RUN) }, [`${W}:5 bandit -r .`]],
  ["a commented step", { [W]: job(`${RUN}      # - run: pip-audit\n`) }, [`${W}:5 bandit -r .`]],
  [
    "a script of lines",
    {
      [W]: job(
        "      - run: |\n          # a\n          set -e\n          pip-audit \\\n            -s\n",
      ),
    },
    [`${W}:7 set -e`, `${W}:8 pip-audit -s`],
  ],
  [
    "a tolerated command",
    { [W]: job("      - run: bandit . || true\n") },
    [`${W}:5 bandit . [|| true]`, `${W}:5 true`],
  ],
  [
    "set +e",
    { [W]: job("      - run: |\n          set +e\n          bandit .\n") },
    [`${W}:6 set +e [set +e]`, `${W}:7 bandit . [set +e]`],
  ],
  [
    "a starter",
    { [W]: job("      - run: uv run --with x bandit . && python3 -m pip_audit\n") },
    [`${W}:5 bandit .`, `${W}:5 pip-audit`],
  ],
  [
    "a quoted name is no command",
    { [W]: job("      - run: echo 'bandit -r .'\n") },
    [`${W}:5 echo bandit -r .`],
  ],
  [
    "continue-on-error",
    { [W]: job(`${RUN}        continue-on-error: true\n`) },
    [`${W}:5 bandit -r . [continue-on-error: true]`],
  ],
  [
    "continue-on-error of the job",
    { [W]: job(RUN, "    continue-on-error: true\n") },
    [`${W}:6 bandit -r . [continue-on-error: true]`],
  ],
  ["if: false", { [W]: job(`${RUN}        if: false\n`) }, [`${W}:5 bandit -r . (if: false)`]],
  [
    "if: ${{ false }} of the job",
    { [W]: job(RUN, "    if: ${{ false }}\n") },
    [`${W}:6 bandit -r . (if: false)`],
  ],
  ["another condition", { [W]: job(RUN, "    if: github.actor != 'x'\n") }, [`${W}:6 bandit -r .`]],
  [
    "needs a job that is off",
    {
      [W]: `on: push\njobs:\n  b:\n    needs: a\n    steps:\n${RUN}  a:\n    if: false\n    steps: []\n`,
    },
    [`${W}:6 bandit -r . (it needs the job a, which is off)`],
  ],
  [
    "by hand only",
    { [W]: job(RUN, "", "on: workflow_dispatch\n") },
    [`${W}:5 bandit -r . (it runs on workflow_dispatch only)`],
  ],
  [
    "on a schedule only",
    { [W]: job(RUN, "", "on:\n  schedule: [{cron: 0 0 * * *}]\n") },
    [`${W}:6 bandit -r . (it runs on schedule only)`],
  ],
  [
    "on merge requests",
    { [W]: job(RUN, "", "on: [pull_request, workflow_dispatch]\n") },
    [`${W}:5 bandit -r .`],
  ],
  [
    "on other branches",
    { [W]: job(RUN, "", "on:\n  push:\n    branches: [docs]\n") },
    [`${W}:7 bandit -r . (its branches are not the default one)`],
  ],
  [
    "on a pattern",
    { [W]: job(RUN, "", "on:\n  push:\n    branches: ['m*']\n") },
    [`${W}:7 bandit -r .`],
  ],
  [
    "on tags",
    { [W]: job(RUN, "", "on:\n  push:\n    tags: ['v*']\n") },
    [`${W}:7 bandit -r . (its branches are not the default one)`],
  ],
  [
    "an action",
    { [W]: job("      - uses: a/trivy-action@1\n        with:\n          Exit-Code: '1'\n") },
    [`${W}:5 a/trivy-action@1`],
  ],
  [
    "called by another workflow",
    {
      [W]: "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n",
      ".github/workflows/b.yml": job(RUN, "", "on: workflow_call\n"),
    },
    [".github/workflows/b.yml:5 bandit -r ."],
  ],
  [
    "called by none",
    { ".github/workflows/b.yml": job(RUN, "", "on: workflow_call\n") },
    [".github/workflows/b.yml:5 bandit -r . (it runs on workflow_call only)"],
  ],
  [
    "a make target and what it needs",
    {
      [W]: job("      - run: make scan\n"),
      Makefile: "scan: code\n\t@pip-audit\ncode:\n\t-bandit -r .\nother:\n\tx\n",
    },
    [
      `${W}:5 make scan`,
      "Makefile:2 pip-audit",
      "Makefile:4 bandit -r . [|| true]",
      "Makefile:4 true",
    ],
  ],
  [
    "an npm script",
    {
      [W]: job("      - run: npm run scan\n"),
      "package.json": '{\n "scripts": {\n  "scan": "npm audit"\n }\n}',
    },
    [`${W}:5 npm run scan`, "package.json:3 npm audit"],
  ],
  [
    "a shell script",
    { [W]: job("      - run: bash ./ci/a.sh\n"), "ci/a.sh": "#!/bin/sh\ngitleaks detect\n" },
    [`${W}:5 bash ./ci/a.sh`, "ci/a.sh:2 gitleaks detect"],
  ],
  [
    "a shell script by its name",
    { [W]: job("      - run: ./scripts/a.sh\n"), "scripts/a.sh": "gitleaks detect\n" },
    [`${W}:5 a.sh`, "scripts/a.sh:1 gitleaks detect"],
  ],
  [
    "hooks of pre-commit",
    {
      [W]: job("      - run: pre-commit run --all-files\n"),
      ".pre-commit-config.yaml":
        "repos:\n- hooks:\n  - id: gitleaks\n  - id: bandit\n    stages: [manual]\n",
    },
    [
      `${W}:5 pre-commit run --all-files`,
      ".pre-commit-config.yaml:3 gitleaks",
      ".pre-commit-config.yaml:4 bandit (stages: manual)",
    ],
  ],
  [
    "GitLab",
    {
      ".gitlab-ci.yml":
        ".base:\n  script:\n    - bandit .\na:\n  extends: .base\nb:\n  allow_failure: true\n  script: pip-audit\nc:\n  when: manual\n  script: [x]\n",
    },
    [
      ".gitlab-ci.yml:3 bandit .",
      ".gitlab-ci.yml:8 pip-audit [allow_failure]",
      ".gitlab-ci.yml:11 x (when: manual)",
    ],
  ],
  [
    "a template of GitLab",
    { ".gitlab-ci.yml": "include:\n  - template: Security/SAST.gitlab-ci.yml\n" },
    [".gitlab-ci.yml:2 Security/SAST.gitlab-ci.yml [the template's jobs are allowed to fail]"],
  ],
  [
    "GitLab, on a schedule",
    {
      ".gitlab-ci.yml": 'a:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "schedule"\n  script: x\n',
    },
    [".gitlab-ci.yml:4 x (no rule of it runs by itself on a push)"],
  ],
  [
    "Jenkins",
    {
      Jenkinsfile:
        "// sh 'a'\nstage('scan') { steps { sh 'bandit .'; sh '''\n  pip-audit\n'''\n sh(script: \"x\", returnStatus: true) } }",
    },
    ["Jenkinsfile:2 bandit .", "Jenkinsfile:3 pip-audit", "Jenkinsfile:5 x [returnStatus: true]"],
  ],
  [
    "CircleCI",
    {
      ".circleci/config.yml":
        "jobs:\n  a:\n    steps:\n      - run: bandit .\n      - run:\n          command: pip-audit\n",
    },
    [".circleci/config.yml:4 bandit .", ".circleci/config.yml:6 pip-audit"],
  ],
];

for (const [name, files, expected] of CASES) {
  test(`CI: ${name}`, async () => assert.deepEqual(await actionsOf(files), expected));
}

test("without files of CI there is nothing to tell", async () => {
  assert.equal((await jobsOf({ "a.py": "" })).state, "absent");
});

test("what is no YAML is told with its line, and costs no other file", async () => {
  const reading = await jobsOf({ [W]: job(RUN), ".github/workflows/b.yml": "a: 1\n]: b\n" });
  assert.ok(reading.state === "known");
  assert.deepEqual(
    reading.value.problems.map(({ file, line }) => `${file}:${line}`),
    [".github/workflows/b.yml:2"],
  );
  assert.equal(reading.value.actions.length, 1);
});

test("aliases that expand without end are malformed", async () => {
  const levels = Array.from(
    { length: 30 },
    (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`,
  );
  const reading = await jobsOf({ [W]: `a0: &a0 [x]\n${levels.join("\n")}\n` });
  assert.ok(reading.state === "known");
  assert.equal(reading.value.problems.length, 1);
});

test("files are read up to a limit", async () => {
  const files = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`.github/workflows/w${at}.yml`, job(RUN)]),
    );
  assert.equal((await actionsOf(files(CI_FILES_MAX))).length, CI_FILES_MAX);
  assert.equal((await actionsOf(files(CI_FILES_MAX + 1))).length, CI_FILES_MAX);
});
