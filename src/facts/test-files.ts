import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { baseName } from "./target-path.ts";

/** What a security test is about; each is `security` as well. */
export const TEST_KINDS = ["security", "headers", "csrf", "xss"] as const;
export type TestKind = (typeof TEST_KINDS)[number];

export interface TestFile {
  /** Relative to the audited directory. */
  readonly path: string;
  readonly kinds: readonly TestKind[];
}

/** Test files named on one command line. */
export const TEST_FILES_MAX = 200;

const PYTHON_TEST = /^(?:test_.+|.+_tests?|tests?)\.py$/;
const SCRIPT_TEST = /\.(?:test|spec)\.[cm]?[jt]sx?$/;
const SECURITY_DIRECTORY =
  /(?:^|\/)(?:tests?|__tests__|spec|_tests)\/(?:[\w-]+\/)*security\/|(?:^|\/)security\/(?:tests?|__tests__)\//;
const NAMES: Readonly<Record<TestKind, RegExp>> = {
  security:
    /security|csrf|xss|(?:^|[_.-])csp(?:[_.-]|$)|hsts|injection|traversal|session_fixation|rate_?limit/i,
  headers: /headers?|(?:^|[_.-])csp(?:[_.-]|$)|hsts/i,
  csrf: /csrf|xsrf/i,
  xss: /xss|escap(?:e|ing)|saniti[sz]/i,
};
/** Runs a browser against a server that somebody else starts. */
const NOT_ALONE = /(?:^|\/)(?:e2e|playwright|cypress|load|perf(?:ormance)?)\//;

/** The tests of the project that its name or its directory says are about security. */
export function securityTests(
  { files }: DeploymentTree,
  extension: "python" | "script",
): readonly TestFile[] {
  const pattern = extension === "python" ? PYTHON_TEST : SCRIPT_TEST;
  return files
    .map(({ path }) => path)
    .filter(
      (path) => pattern.test(baseName(path)) && !NOT_ALONE.test(path) && !path.startsWith("-"),
    )
    .filter((path) => !/(?:^|\/)(?:vendor|third_party|examples?|templates?)\//.test(path))
    .flatMap((path) => {
      const kinds = kindsOf(path);
      return kinds.length === 0 ? [] : [{ path, kinds }];
    })
    .slice(0, TEST_FILES_MAX);
}

function kindsOf(path: string): readonly TestKind[] {
  const name = baseName(path);
  const isSecurity = SECURITY_DIRECTORY.test(path) || NAMES.security.test(name);
  return isSecurity ? ["security", ...testKinds(name)] : [];
}

/** What a test's name says it is about, beside security itself. */
export function testKinds(name: string): readonly TestKind[] {
  return (["headers", "csrf", "xss"] as const).filter((kind) => NAMES[kind].test(name));
}
