import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import type { TestCase } from "../parsers/test-report/test-case.ts";
import { attempt } from "./attempt.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import {
  securityTests,
  TEST_KINDS,
  type TestFile,
  type TestKind,
  testKinds,
} from "./test-files.ts";
import { type TestRunner, testRunners } from "./test-runners.ts";

/** The project's own security tests, and how they ended where the operator had them run (`--run-tests`). */
export interface ProjectTests {
  readonly files: readonly TestFile[];
  readonly runs: readonly TestRun[];
}

export interface TestRun {
  readonly runner: TestRunner["name"];
  /** To be pasted into a shell in the audited directory. */
  readonly command: string;
  readonly files: readonly TestFile[];
  readonly result: Reading<TestResult>;
}

export interface TestResult {
  readonly cases: readonly SecurityCase[];
  /** Of the runner; null where a signal ended it. */
  readonly exit: number | null;
  /** It did not end within its time. */
  readonly isTimedOut: boolean;
  /** It told no result that can be read, or not all of it. */
  readonly isCrashed: boolean;
  /** Tests that a configuration or a mark took out. */
  readonly deselected: number;
}

export interface SecurityCase extends TestCase {
  readonly kinds: readonly TestKind[];
}

/** Time for each runner. */
export const TEST_RUN_MS = 540_000;
const TIMEOUT_MS = 1_100_000;

/**
 * The one fact that runs code of the audited project, and only with `--run-tests`: its own interpreter, an argument
 * list, a time limit, bounded output, nothing written by the runner itself. What the tests do is the project's own.
 */
export const projectTests = defineFact({
  id: "project-tests",
  title: "The project's own security tests",
  access: "run",
  timeoutMs: TIMEOUT_MS,
  needs: { tree: deploymentTree },
  async collect(context, { tree }): Promise<Reading<ProjectTests>> {
    if (filesOf(tree).length === 0) return absent("the project has no security tests of its own");
    const runs: TestRun[] = [];
    for (const runner of await testRunners(context, tree)) {
      const { name, files } = runner;
      const result = await resultOf(context, runner);
      runs.push({ runner: name, command: commandOf(context, runner), files, result });
    }
    return known({ files: filesOf(tree), runs });
  },
});

function filesOf(tree: DeploymentTree): readonly TestFile[] {
  return [...securityTests(tree, "python"), ...securityTests(tree, "script")];
}

function commandOf({ target }: CollectContext, { program, args }: TestRunner): string {
  const own = program.replace(`${target.directory}/`, "");
  return [own, ...args].map(quoted).join(" ").slice(0, 1_000);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function resultOf(context: CollectContext, runner: TestRunner): Promise<Reading<TestResult>> {
  const { host, target, signal } = context;
  if (target.runsTests !== true)
    return unknown("not-granted", "the project's own code is run with --run-tests only");
  if (!target.hostFacts) return unknown("not-granted", "no program of this machine is run here");
  const options = { cwd: target.directory, timeoutMs: TEST_RUN_MS, signal };
  const run = await attempt(() => host.run(runner.program, runner.args, options), ["timed-out"]);
  if (run.state === "absent")
    return unknown("tool-missing", `${runner.name} is not installed for the project`);
  if (run.state === "unknown") {
    if (run.problem.code !== "timed-out") return run;
    return known({ cases: [], exit: null, isTimedOut: true, isCrashed: false, deselected: 0 });
  }
  const { exit, stdout, stderr } = run.value;
  if (MISSING.test(stderr))
    return unknown("tool-missing", `${runner.name} is not installed for ${runner.program}`);
  const report = runner.parse(run.value);
  const deselected = Number(/\b(\d{1,6}) deselected\b/.exec(stdout)?.[1] ?? 0);
  const cases = (report?.cases ?? []).map((each) => ({
    ...each,
    kinds: kindsOf(each, runner.files),
  }));
  const isCrashed = report === undefined || report.isCut || exit === null;
  return known({ cases, exit, isTimedOut: false, isCrashed, deselected });
}

const MISSING = /No module named '?(?:pytest|django)'?\s*$/m;

/** By the test's own name, and by its file's. */
function kindsOf({ id }: TestCase, files: readonly TestFile[]): readonly TestKind[] {
  const dotted = id.replaceAll("/", ".");
  const file = files.find(({ path }) => {
    const module = path.replace(/\.\w+$/, "").replaceAll("/", ".");
    return dotted.startsWith(module) || dotted.includes(path.replaceAll("/", "."));
  });
  const kinds = new Set<TestKind>(["security", ...(file?.kinds ?? []), ...testKinds(id)]);
  return TEST_KINDS.filter((kind) => kinds.has(kind));
}
