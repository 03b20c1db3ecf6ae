import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import type { RunOptions } from "../core/host.ts";
import { absent, HostError, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile, type MemoryRun } from "../host/memory-host.ts";
import { type DependencyAudit, dependencyAudit } from "./dependency-audit.fact.ts";

const NOW_MS = Date.UTC(2026, 10, 22);
const DAY_MS = 86_400_000;

interface Scene {
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly run?: Readonly<Record<string, MemoryRun>>;
  readonly hostFacts?: boolean;
}

interface Call {
  readonly line: string;
  readonly cwd: string | undefined;
}

async function audit({ files = {}, run = {}, hostFacts = true }: Scene) {
  const calls: Call[] = [];
  const recording = Object.entries(run).map(([program, answer]) => [
    program,
    (args: readonly string[], options: RunOptions) => {
      calls.push({ line: [program, ...args].join(" "), cwd: options.cwd });
      if (args[0] === "--version" && hostFacts) return { stdout: `${program} 2.7.3\n` };
      return typeof answer === "function" ? answer(args, options) : answer;
    },
  ]);
  const placed = Object.entries(files).map(([path, file]) => [`/srv/app/${path}`, file]);
  const context: CollectContext = {
    host: createMemoryHost({
      files: Object.fromEntries(placed),
      run: Object.fromEntries(recording),
    }),
    target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts },
    nowMs: NOW_MS,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const tree = {
    files: Object.keys(files).map((path) => ({ path, kind: "file" as const })),
    directories: [],
    isTruncated: false,
    unreadable: [],
  };
  const reading: Reading<DependencyAudit> = await dependencyAudit.collect(context, { tree }, {});
  return { reading, calls };
}

async function runsOf(scene: Scene) {
  const { reading } = await audit(scene);
  assert.ok(reading.state === "known");
  return reading.value.runs.map(({ tool, version, result }) => [
    tool,
    version,
    result.state === "known" ? result.value.examined : undefined,
    result.state === "unknown" ? `${result.problem.code}: ${result.problem.detail}` : undefined,
  ]);
}

const CLEAN = '{"dependencies":[{"name":"django","version":"5.2.10","vulns":[]}],"fixes":[]}';
const FOUND =
  '{"dependencies":[{"name":"a","version":"1","vulns":[{"id":"V-1","fix_versions":["2"],"aliases":[]}]}]}';
const NPM = '{"vulnerabilities":{},"metadata":{"dependencies":{"total":12}}}';
const REQUIREMENTS = { "requirements.txt": "django==5.2.10\n" };

test("nothing to audit", async () => {
  const { reading } = await audit({ files: { "package.json": "{}", "docs/requirements.txt": "" } });
  assert.deepEqual(reading, absent("no dependency manifest, lock file or virtual environment"));
});

test("pip-audit on requirements: no resolving, never started in the directory", async () => {
  const { reading, calls } = await audit({
    files: { ...REQUIREMENTS, "requirements-dev.txt": "", "app/requirements.txt": "" },
    run: { "pip-audit": { exit: 1, stdout: FOUND } },
  });
  assert.ok(reading.state === "known");
  assert.deepEqual(reading.value.manifests, [
    "app/requirements.txt",
    "requirements-dev.txt",
    "requirements.txt",
  ]);
  assert.deepEqual(reading.value.runs, [
    {
      tool: "pip-audit",
      version: "2.7.3",
      result: {
        state: "known",
        value: {
          examined: 1,
          skipped: [],
          vulnerabilities: [{ package: "a", version: "1", id: "V-1", aliases: [], fixedIn: ["2"] }],
          ageDays: 0,
        },
      },
    },
  ]);
  assert.deepEqual(calls, [
    {
      line: "pip-audit --disable-pip --no-deps -r /srv/app/requirements.txt -r /srv/app/app/requirements.txt --format json --progress-spinner off",
      cwd: "/",
    },
    { line: "pip-audit --version", cwd: "/" },
  ]);
});

test("a virtual environment is read as it is installed", async () => {
  const { calls, reading } = await audit({
    files: {
      ".venv/pyvenv.cfg": "",
      ".venv/lib/python3.12/site-packages/x": "",
      ".venv/bin/pip-audit": "",
    },
    run: { "pip-audit": { stdout: CLEAN } },
  });
  assert.deepEqual(reading.state === "known" && reading.value.manifests, [".venv"]);
  assert.equal(
    calls[0]?.line,
    "pip-audit --path /srv/app/.venv/lib/python3.12/site-packages --format json --progress-spinner off",
  );
});

const missing = new HostError("tool-missing", "x is not installed", { reason: "ENOENT" });
const slow = new HostError("timed-out", "pip-audit: no end within 45000 ms");
const PIP_PROBLEMS: readonly (readonly [string, MemoryRun, string])[] = [
  ["missing", missing, "tool-missing: pip-audit is not installed"],
  ["slow", slow, "timed-out: pip-audit: no end within 45000 ms"],
  [
    "offline",
    { exit: 1, stderr: "requests.exceptions.ConnectionError: https://u:pw@idx" },
    "unreachable: pip-audit could not reach its advisory source",
  ],
  [
    "unpinned",
    { exit: 1, stderr: "ERROR: requirement django is not pinned: django>=4" },
    "unsupported: pip-audit needs exact versions: a requirement without == cannot be audited unresolved",
  ],
  [
    "garbled",
    { exit: 2, stdout: "{", stderr: "secret" },
    "malformed: pip-audit ended with exit code 2 and gave no report that can be read",
  ],
  [
    "killed",
    { exit: null },
    "malformed: pip-audit was ended by a signal and gave no report that can be read",
  ],
];
for (const [name, answer, problem] of PIP_PROBLEMS) {
  test(`pip-audit ${name}`, async () => {
    const runs = await runsOf({ files: REQUIREMENTS, run: { "pip-audit": answer } });
    assert.deepEqual(runs, [["pip-audit", undefined, undefined, problem]]);
  });
}

test("osv-scanner stands in for a missing or failing pip-audit; its count is beside the report", async () => {
  const osv = { stdout: '{"results":[]}', stderr: "Scanned /x file and found 41 packages\n" };
  for (const pip of [missing, { exit: 1, stderr: "not pinned" }]) {
    const runs = await runsOf({
      files: REQUIREMENTS,
      run: { "pip-audit": pip, "osv-scanner": osv },
    });
    assert.deepEqual(runs, [["osv-scanner", "2.7.3", 41, undefined]]);
  }
});

test("lock files of uv, poetry, pnpm and yarn go to osv-scanner", async () => {
  const { calls } = await audit({
    files: { "uv.lock": "", "pyproject.toml": "", "web/pnpm-lock.yaml": "" },
    run: { "osv-scanner": { stdout: '{"results":[]}' }, uv: { stdout: CLEAN } },
  });
  assert.deepEqual(
    calls.map(({ line }) => line).filter((line) => !line.endsWith("--version")),
    [
      "osv-scanner --format json -L /srv/app/uv.lock",
      "osv-scanner --format json -L /srv/app/web/pnpm-lock.yaml",
    ],
  );
});

test("a pyproject.toml alone names no versions", async () => {
  assert.deepEqual(await runsOf({ files: { "pyproject.toml": "" } }), [
    [
      "pip-audit",
      undefined,
      undefined,
      "unsupported: pyproject.toml names no exact versions, and there is no lock file beside it",
    ],
  ]);
});

test("npm audit runs beside its lock file, without scripts", async () => {
  const { reading, calls } = await audit({
    files: { "web/package-lock.json": "{}", "web/.npmrc": "engine-strict=true\n# registry=x\n" },
    run: { npm: { exit: 1, stdout: NPM } },
  });
  assert.ok(reading.state === "known");
  assert.equal(reading.value.runs[0]?.result.state, "known");
  assert.deepEqual(calls[0], {
    line: "npm audit --json --package-lock-only --ignore-scripts",
    cwd: "/srv/app/web",
  });
});

test("npm is not run where the project's .npmrc decides where it asks or writes", async () => {
  for (const line of ["registry=https://evil.test/", "logs-dir = /etc", "//h/:_authToken=x"]) {
    const { reading, calls } = await audit({
      files: { "package-lock.json": "{}", ".npmrc": `fund=false\n${line}\n` },
      run: { npm: { stdout: NPM } },
    });
    assert.ok(reading.state === "known");
    assert.deepEqual(calls, []);
    const [run] = reading.value.runs;
    assert.equal(run?.tool, "npm audit");
    assert.equal(run?.result.state === "unknown" && run.result.problem.code, "unsupported");
  }
});

test("recorded: pip-audit, then uv run pip-audit; live uv is never asked", async () => {
  const pip = await runsOf({
    hostFacts: false,
    files: REQUIREMENTS,
    run: { "pip-audit": { stdout: CLEAN } },
  });
  assert.deepEqual(pip, [["pip-audit", undefined, 1, undefined]]);
  const scene = { files: REQUIREMENTS, run: { "pip-audit": missing, uv: { stdout: CLEAN } } };
  const uv = await runsOf({ ...scene, hostFacts: false });
  assert.deepEqual(uv, [["uv run pip-audit", undefined, 1, undefined]]);
  const { calls } = await audit(scene);
  assert.ok(calls.every(({ line }) => !line.startsWith("uv")));
  const none = { files: REQUIREMENTS, run: { "pip-audit": missing, uv: missing } };
  assert.deepEqual(await runsOf({ ...none, hostFacts: false }), [
    ["pip-audit", undefined, undefined, "tool-missing: pip-audit is not installed"],
  ]);
});

test("imported reports: age by the file's time, malformed ones are told", async () => {
  const { reading } = await audit({
    files: {
      "pip-audit.json": { text: CLEAN, modifiedMs: NOW_MS - 8.5 * DAY_MS },
      ".plimsoll/npm-audit.json": { text: NPM, modifiedMs: NOW_MS + DAY_MS },
      ".plimsoll/osv-report.json": { text: "{}", modifiedMs: NOW_MS },
    },
  });
  assert.ok(reading.state === "known");
  assert.deepEqual(
    reading.value.runs.map(({ tool, result }) => [
      tool,
      result.state === "known" ? [result.value.examined, result.value.ageDays] : result.state,
    ]),
    [
      ["pip-audit.json", [1, 8]],
      [".plimsoll/osv-report.json", "unknown"],
      [".plimsoll/npm-audit.json", [12, 0]],
    ],
  );
});
