import type { CollectContext } from "../core/fact.ts";
import { knownValue, type ProblemCode } from "../core/reading.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { isBinary } from "./env-file-text.ts";
import { baseName, byDepth, isOutsideDeployment } from "./target-path.ts";
import { treeText } from "./tree-text.ts";

/** What one fact reads of a tree at most. */
export const SOURCE_TOTAL_MAX = 24 * 1_048_576;
export const SOURCE_FILES_MAX = 1_500;
const PROBLEMS_MAX = 50;

export interface SourceProblem {
  readonly file: string;
  readonly line?: number;
  readonly detail: string;
  /** Left out for what was read and did not parse. */
  readonly code?: ProblemCode;
}

/** The source files of the audited directory, read once each within the limits. */
export interface SourceFiles {
  readonly tree: DeploymentTree;
  /** Those of the tree that can be part of what runs, shallow ones first. */
  readonly paths: readonly string[];
  readonly problems: readonly SourceProblem[];
  /** Notes a file of which not all is known. */
  note(problem: SourceProblem): void;
  has(path: string): boolean;
  /** `undefined` for what the tree does not tell (outside of it, or beyond its limits). */
  exists(path: string): boolean | undefined;
  /** `undefined` when the file could not be read; the problem is noted. */
  text(path: string): Promise<string | undefined>;
}

const TEST_FILE = /^(?:test_.*|tests?|conftest|.*_tests?)\.py$|\.(?:test|spec)\.[cm]?[jt]sx?$/;
const MIGRATION = /(?:^|\/)(?:migrations|locale|static|templates|__pycache__|dist|build)\//;
/** What jobs and end-to-end tests run with, never the application. */
const PIPELINE = /(?:^|\/)(?:\.?ci|\.circleci|cypress|e2e)\//;
const DEVELOPMENT =
  /(?:^|[_.-])(?:dev|devel|development|local|tests?|testing|ci|example|sample|demo|debug|docker_dev)(?:[_.-]|$)/i;

/** Whether the file's name says that it is for development, tests or as an example. */
export function isDevelopmentFile(path: string): boolean {
  return DEVELOPMENT.test(baseName(path).replace(/\.\w+$/, ""));
}

/** Opens the source files of a tree: nothing is read before it is asked for. */
export function openSources(context: CollectContext, tree: DeploymentTree): SourceFiles {
  // A FIFO or socket in a module's place is found as the module, and cannot be read.
  const special = tree.unreadable.filter(({ code }) => code === "unsupported");
  const all = new Set([...tree.files, ...special].map(({ path }) => path));
  const directories = new Set(tree.directories);
  const texts = new Map<string, Promise<string | undefined>>();
  const problems: SourceProblem[] = [];
  const note = (problem: SourceProblem): void => {
    if (problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  let bytes = 0;
  const read = async (path: string): Promise<string | undefined> => {
    context.signal.throwIfAborted();
    if (texts.size > SOURCE_FILES_MAX || bytes > SOURCE_TOTAL_MAX) return undefined;
    const reading = await treeText(context, tree, path);
    if (reading.state === "unknown") note({ file: path, ...reading.problem });
    if (reading.state === "absent" && all.has(path))
      note({ file: path, detail: "it is a link to nowhere", code: "unreachable" });
    const text = knownValue(reading);
    bytes += text?.length ?? 0;
    if (text === undefined || !isBinary(text)) return text;
    note({ file: path, detail: "it holds no text (UTF-16 or binary data)", code: "malformed" });
    return undefined;
  };
  return {
    tree,
    paths: candidatesOf(tree),
    problems,
    note,
    has: (path) => all.has(path),
    exists(path) {
      if (path.startsWith("/") || path.startsWith("..")) return undefined;
      if (all.has(path) || directories.has(path)) return true;
      return tree.isTruncated || isOutsideDeployment(`${path}/`) ? undefined : false;
    },
    text(path) {
      const text = texts.get(path) ?? read(path);
      texts.set(path, text);
      return text;
    },
  };
}

/** Several facts look through the sources of one tree: they are told apart and sorted once. */
const candidates = new WeakMap<DeploymentTree, readonly string[]>();

function candidatesOf(tree: DeploymentTree): readonly string[] {
  const known = candidates.get(tree) ?? candidatesIn(tree);
  candidates.set(tree, known);
  return known;
}

function candidatesIn({ files }: DeploymentTree): readonly string[] {
  return byDepth(
    files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !isOutsideDeployment(path) &&
          !TEST_FILE.test(baseName(path)) &&
          !MIGRATION.test(path) &&
          !PIPELINE.test(path),
      ),
  );
}
