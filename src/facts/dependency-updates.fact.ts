import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import { GIT } from "./git-arguments.ts";
import { findGit, repository } from "./repository.fact.ts";
import { isOutsideDeployment, resolveFrom, shownPath } from "./target-path.ts";
import { type UpdateBot, updateBots } from "./update-bots.ts";

/** When the dependencies were last updated, by the commits of the checked-out branch. */
export interface DependencyUpdates {
  readonly locks: readonly [LockUpdate, ...LockUpdate[]];
  /** Configured robots that update dependencies. */
  readonly bots: readonly UpdateBot[];
}

export interface LockUpdate {
  /** Relative to the audited directory. */
  readonly file: string;
  /** The newest commit that touches it; absent where none does. */
  readonly last: Reading<LockCommit>;
}

export interface LockCommit {
  /** Hex. */
  readonly commit: string;
  /** The committer's date, milliseconds since the epoch. */
  readonly committedMs: number;
  /** History is cut off at this commit (a shallow clone): the file was last touched here or earlier. */
  readonly isCutOff: boolean;
}

/** Lock files looked up, those nearest to the root first. */
export const LOCKS_MAX = 8;
/** Characters of a list of requirements that is looked through for pins. */
export const REQUIREMENTS_BYTES_MAX = 1_048_576;
const SHALLOW_BYTES_MAX = 1_048_576;
const RUN_MS = 10_000;

const LOCK =
  /(?:^|\/)(?:uv\.lock|poetry\.lock|Pipfile\.lock|pdm\.lock|pylock(?:\.[\w-]+)?\.toml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;
const REQUIREMENTS = /(?:^|\/)(?:[\w.-]*requirements[\w.-]*|requirements\/[\w.-]+)\.txt$/;
/** A version clause that admits one version (PEP 440, "Version matching"). */
const PIN = /^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]\n]{0,200}\])?\s*===?\s*[\w.!+-]+\s*(?:[;#\\]|--|$)/m;
const COMMIT = /^([0-9a-f]{40,64}) (\d{1,12})$/;

/** Absent without a lock file, and without a list of pinned requirements. */
export const dependencyUpdates = defineFact({
  id: "dependency-updates",
  title: "Updates of the dependencies in version control",
  access: "run",
  timeoutMs: 60_000,
  wants: { tree: deploymentTree, repository },
  async collect(context, _facts, { tree, repository: found }): Promise<Reading<DependencyUpdates>> {
    if (tree.state !== "known") return tree;
    const [first, ...others] = await lockFiles(context, tree.value);
    if (first === undefined) {
      return tree.value.isTruncated
        ? unknown("too-large", "not every file of the deployment was listed")
        : absent("no lock file and no list of pinned requirements");
    }
    if (found.state === "absent") {
      return unknown("not-recorded", `${found.reason}: nobody recorded when ${first} changed`);
    }
    if (found.state === "unknown") return found;
    const { root, tracked } = found.value;
    if (tracked.length === 0) {
      return unknown("not-recorded", `${root} tracks nothing of the audited directory`);
    }
    const cutOff = await cutOffCommits(context);
    const locks: [LockUpdate, ...LockUpdate[]] = [await lockUpdate(context, root, first, cutOff)];
    for (const file of others) locks.push(await lockUpdate(context, root, file, cutOff));
    return known({ locks, bots: await updateBots(context, root) });
  },
});

/** Lock files; where there are none, requirements that are pinned. */
async function lockFiles(
  { host, target }: CollectContext,
  { files }: DeploymentTree,
): Promise<readonly string[]> {
  const paths = files
    .filter(({ path, kind }) => kind === "file" && !isOutsideDeployment(path))
    .map(({ path }) => path)
    .sort((a, b) => a.split("/").length - b.split("/").length);
  const locks = paths.filter((path) => LOCK.test(path)).slice(0, LOCKS_MAX);
  if (locks.length > 0) return locks;
  const pinned: string[] = [];
  for (const path of paths.filter((each) => REQUIREMENTS.test(each)).slice(0, LOCKS_MAX)) {
    const absolute = resolveFrom(target.directory, path);
    const text = await attempt(() => host.readFile(absolute, REQUIREMENTS_BYTES_MAX));
    if (PIN.test(knownValue(text) ?? "")) pinned.push(path);
  }
  return pinned;
}

/** gitrepository-layout(5), `shallow`: commits whose parents are left out. */
async function cutOffCommits(context: CollectContext): Promise<ReadonlySet<string>> {
  const git = knownValue(await findGit(context));
  if (git === undefined) return new Set();
  const path = resolveFrom(git.common, "shallow");
  const text = await attempt(() => context.host.readFile(path, SHALLOW_BYTES_MAX));
  return new Set((knownValue(text) ?? "").split("\n").map((line) => line.trim()));
}

async function lockUpdate(
  { host, signal, target }: CollectContext,
  root: string,
  file: string,
  cutOff: ReadonlySet<string>,
): Promise<LockUpdate> {
  const path = shownPath(root, resolveFrom(target.directory, file));
  const log = [
    "--literal-pathspecs",
    "log",
    "--max-count=1",
    "--format=%H %ct",
    "HEAD",
    "--",
    path,
  ];
  const run = await attempt(() =>
    host.run("git", [...GIT, ...log], { cwd: root, timeoutMs: RUN_MS, signal }),
  );
  if (run.state === "absent") {
    return { file, last: unknown("tool-missing", "git is not installed") };
  }
  if (run.state === "unknown") return { file, last: run };
  const { exit, stdout } = run.value;
  // A repository of another account's is refused, one without a commit has no HEAD.
  if (exit !== 0) {
    const detail = `git cannot read the history of ${root} (exit ${exit})`;
    return { file, last: unknown("unsupported", detail) };
  }
  if (stdout.trim() === "") return { file, last: absent(`no commit touches ${file}`) };
  const [, commit = "", seconds] = COMMIT.exec(stdout.trim()) ?? [];
  if (seconds === undefined) {
    return { file, last: unknown("malformed", `git log says something else of ${file}`) };
  }
  const committedMs = Number(seconds) * 1_000;
  return { file, last: known({ commit, committedMs, isCutOff: cutOff.has(commit) }) };
}
