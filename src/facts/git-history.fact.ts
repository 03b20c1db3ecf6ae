import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import type { Needle } from "./env-leaks.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { GIT } from "./git-arguments.ts";
import { repository } from "./repository.fact.ts";
import { liveNeedles } from "./secret-occurrences.fact.ts";

/** Live secrets that a commit of any branch, tag or stash holds. Key names only. */
export interface GitHistory {
  /** Of each value the newest commit that adds or removes it. */
  readonly found: readonly {
    readonly key: string;
    readonly fingerprint: string;
    readonly commit: string;
    /** Relative to the work tree's root. */
    readonly file: string;
  }[];
  readonly commits: number;
  /** A limit ended the search, or a commit too large was left out. */
  readonly isTruncated: boolean;
}

export const HISTORY_COMMITS_MAX = 20_000;
/** Characters of all changes together. */
export const HISTORY_BYTES_MAX = 256 * 1_048_576;
const BATCH_FIRST = 256;
const RUN_MS = 30_000;

/** The values are not handed over (any account can read a command line): the changes are read and searched here. */
const LOG = [
  "log",
  "--all",
  "--patch",
  "--unified=0",
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--no-renames",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--format=%x01%H",
] as const;

/** Absent unless `--deep` asks for it. */
export const gitHistory = defineFact({
  id: "git-history",
  title: "Live secrets in the history of git",
  access: "run",
  timeoutMs: 60_000,
  wants: { environmentValues, repository },
  async collect(context, _facts, readings): Promise<Reading<GitHistory>> {
    if (context.target.isDeep !== true) return absent("not asked for (--deep)");
    if (readings.repository.state !== "known") return readings.repository;
    const values = readings.environmentValues;
    if (values.state !== "known") return values;
    const needles = liveNeedles(values.value, context.fingerprintKey).filter(
      ({ value }) => !value.includes("\n"),
    );
    if (needles.length === 0) return known({ found: [], commits: 0, isTruncated: false });
    return searchHistory(context, readings.repository.value.root, needles);
  },
});

type Found = GitHistory["found"][number];

interface Search {
  readonly found: Map<string, Found>;
  count: number;
  commits: number;
  bytes: number;
  isTruncated: boolean;
}

/** Newest commits first, as many at once as the output's limit takes. */
async function searchHistory(
  context: CollectContext,
  root: string,
  needles: readonly Needle[],
): Promise<Reading<GitHistory>> {
  const search: Search = {
    found: new Map(),
    count: BATCH_FIRST,
    commits: 0,
    bytes: 0,
    isTruncated: false,
  };
  let isEnd = false;
  while (!isEnd && search.commits < HISTORY_COMMITS_MAX && search.bytes < HISTORY_BYTES_MAX) {
    const batch = await changes(context, root, search.commits, search.count);
    if (batch.state === "known") isEnd = take(search, batch.value, needles);
    else if (batch.state === "unknown" && batch.problem.code === "too-large") takeLess(search);
    else return batch;
  }
  const { found, commits, isTruncated } = search;
  return known({ found: [...found.values()], commits, isTruncated: isTruncated || !isEnd });
}

/** Whether these were the last commits. */
function take(search: Search, text: string, needles: readonly Needle[]): boolean {
  for (const needle of needles) {
    const one = search.found.has(needle.key) ? undefined : placeIn(text, needle);
    if (one !== undefined) search.found.set(needle.key, one);
  }
  const read = text.split("\u0001").length - 1;
  search.commits += read;
  search.bytes += text.length;
  return read < search.count;
}

/** A smaller part next time; a commit that is too large by itself is left out. */
function takeLess(search: Search): void {
  if (search.count === 1) {
    search.isTruncated = true;
    search.commits += 1;
  }
  search.count = Math.max(1, Math.floor(search.count / 4));
}

async function changes(
  { host, signal }: CollectContext,
  root: string,
  skip: number,
  count: number,
): Promise<Reading<string>> {
  const args = [...GIT, ...LOG, `--skip=${skip}`, `--max-count=${count}`, "--"];
  const run = await attempt(() => host.run("git", args, { cwd: root, timeoutMs: RUN_MS, signal }));
  if (run.state === "absent") return unknown("tool-missing", "git is not installed");
  if (run.state === "unknown") return run;
  const result = run.value;
  // A repository of another account's is refused, a damaged one breaks off; without a commit there is no branch.
  if (result.exit === 0) return known(result.stdout);
  return unknown("unsupported", `git cannot read the history of ${root} (exit ${result.exit})`);
}

/** The commit and file of the first change that holds the value. */
function placeIn(text: string, { key, value, fingerprint }: Needle): Found | undefined {
  const at = text.indexOf(value);
  if (at === -1) return undefined;
  const commit = text.lastIndexOf("\u0001", at);
  const header = text.lastIndexOf("\ndiff --git a/", at);
  const file = /^\ndiff --git a\/(.{1,1000}) b\/\1$/m.exec(text.slice(header, header + 2_100))?.[1];
  if (commit === -1 || header < commit || file === undefined) return undefined;
  return { key, fingerprint, commit: text.slice(commit + 1, commit + 41), file };
}
