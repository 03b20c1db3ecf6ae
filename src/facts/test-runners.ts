import type { CollectContext } from "../core/fact.ts";
import type { RunResult } from "../core/host.ts";
import { knownValue } from "../core/reading.ts";
import { parseJest } from "../parsers/test-report/jest.ts";
import { parseJunit } from "../parsers/test-report/junit.ts";
import { parsePytest } from "../parsers/test-report/pytest.ts";
import type { TestReport } from "../parsers/test-report/test-case.ts";
import { parseUnittest } from "../parsers/test-report/unittest.ts";
import { attempt } from "./attempt.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { securityTests, type TestFile } from "./test-files.ts";

/** How some of the tests are run: a program with arguments, never a shell. */
export interface TestRunner {
  readonly name: "pytest" | "django" | "unittest" | "jest" | "vitest" | "node";
  readonly program: string;
  readonly args: readonly string[];
  readonly files: readonly TestFile[];
  readonly parse: (result: RunResult) => TestReport | undefined;
}

const MANIFEST_BYTES_MAX = 1_048_576;
/** Where a project keeps its own interpreter, the first that is there. */
const ENVIRONMENTS = [".venv", "venv", "env", ".env", "virtualenv"];

/** The runners of the project's security tests; empty where it has none. */
export async function testRunners(
  context: CollectContext,
  tree: DeploymentTree,
): Promise<readonly TestRunner[]> {
  const python = securityTests(tree, "python");
  const scripts = securityTests(tree, "script");
  return [
    ...(python.length === 0 ? [] : [await pythonRunner(context, tree, python)]),
    ...(scripts.length === 0 ? [] : await scriptRunner(context, scripts)),
  ];
}

async function pythonRunner(
  context: CollectContext,
  tree: DeploymentTree,
  files: readonly TestFile[],
): Promise<TestRunner> {
  const program = await interpreter(context);
  const has = (path: string) => tree.files.some((file) => file.path === path);
  const paths = files.map(({ path }) => path);
  if (await usesPytest(context, has)) {
    // Nothing is written into the tree by the runner: no byte code (-B), no cache.
    const quiet = ["-p", "no:cacheprovider", "-vv", "--tb=line", "--color=no"];
    const args = ["-B", "-m", "pytest", ...quiet, ...paths];
    return { name: "pytest", program, args, files, parse: ({ stdout }) => parsePytest(stdout) };
  }
  const modules = paths.map((path) => path.replace(/\.py$/, "").replaceAll("/", "."));
  const parse = ({ stdout, stderr }: RunResult) => parseUnittest(`${stdout}\n${stderr}`);
  if (has("manage.py")) {
    const args = ["-B", "manage.py", "test", "--noinput", "-v", "2", ...modules];
    return { name: "django", program, args, files, parse };
  }
  return {
    name: "unittest",
    program,
    args: ["-B", "-m", "unittest", "-v", ...modules],
    files,
    parse,
  };
}

/** The report stands behind whatever else is printed. */
function junitIn(stdout: string): TestReport | undefined {
  const start = stdout.lastIndexOf("<?xml");
  return start === -1 ? undefined : parseJunit(stdout.slice(start));
}

async function interpreter({ host, target }: CollectContext): Promise<string> {
  for (const name of ENVIRONMENTS) {
    const path = `${target.directory}/${name}/bin/python`;
    const stat = await attempt(() => host.stat(path));
    if (stat.state === "known" && stat.value.kind === "file") return path;
  }
  return "python3";
}

const PYTEST_FILES = [
  "pytest.ini",
  "conftest.py",
  "tests/conftest.py",
  "test/conftest.py",
  ".pytest.ini",
];
const PYTEST_MANIFESTS = [
  "pyproject.toml",
  "setup.cfg",
  "tox.ini",
  "requirements.txt",
  "requirements-dev.txt",
  "requirements/dev.txt",
  "requirements/test.txt",
  "requirements-test.txt",
  "Pipfile",
];

async function usesPytest(
  context: CollectContext,
  has: (path: string) => boolean,
): Promise<boolean> {
  if (PYTEST_FILES.some(has)) return true;
  for (const path of PYTEST_MANIFESTS) {
    if (has(path) && /\bpytest\b/.test((await textOf(context, path)) ?? "")) return true;
  }
  return false;
}

async function textOf({ host, target }: CollectContext, path: string): Promise<string | undefined> {
  return knownValue(
    await attempt(() => host.readFile(`${target.directory}/${path}`, MANIFEST_BYTES_MAX)),
  );
}

async function scriptRunner(
  context: CollectContext,
  files: readonly TestFile[],
): Promise<readonly TestRunner[]> {
  const manifest = (await textOf(context, "package.json")) ?? "";
  const paths = files.map(({ path }) => path);
  const own = (name: string) => `${context.target.directory}/node_modules/.bin/${name}`;
  const parse = ({ stdout }: RunResult) => parseJest(stdout);
  if (/"vitest"\s*:/.test(manifest)) {
    const args = ["run", "--reporter=json", "--no-cache", ...paths];
    return [{ name: "vitest", program: own("vitest"), args, files, parse }];
  }
  if (/"jest"\s*:|"(?:ts-jest|react-scripts|@nestjs\/testing)"\s*:/.test(manifest)) {
    const args = [
      "--ci",
      "--json",
      "--cache=false",
      "--coverage=false",
      "--runTestsByPath",
      ...paths,
    ];
    return [{ name: "jest", program: own("jest"), args, files, parse }];
  }
  const args = ["--test", "--test-reporter=junit", ...paths];
  return [{ name: "node", program: "node", args, files, parse: ({ stdout }) => junitIn(stdout) }];
}
