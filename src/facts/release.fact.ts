import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { type ReleaseTags, releaseTags } from "./release-tags.ts";
import { findGit, type GitPlace } from "./repository.fact.ts";
import { resolveFrom } from "./target-path.ts";

/** Which release of the application this is. */
export interface Release {
  /** As `--release` has it, or the commit, hex. */
  readonly id: string;
  /** `--release`, or where the commit was read. */
  readonly from: string;
  /** Tags of a repository, by whether they are of this commit; absent for none and for `--release`. */
  readonly tags?: ReleaseTags;
  /** The work tree begins above the audited directory: it may be of something larger. */
  readonly isFromAbove?: true;
}

/** `packed-refs` of a repository with tens of thousands of references. */
export const REFS_BYTES_MAX = 8 * 1_048_576;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Absent where nobody says it and no commit is checked out. */
export const release = defineFact({
  id: "release",
  title: "Release",
  access: "read",
  timeoutMs: 3_000,
  async collect(context): Promise<Reading<Release>> {
    const given = context.target.attest?.release;
    if (given !== undefined) return known({ id: given, from: "--release" });
    const git = await findGit(context);
    if (git.state !== "known") return git;
    const packed = (await readRef(context, git.value.common, "packed-refs")) ?? "";
    const commit = await headCommit(context, git.value, packed);
    if (commit === undefined) return absent(`${git.value.git}/HEAD names no commit`);
    const { root, common } = git.value;
    const tags = await releaseTags(context, common, packed, commit);
    return known({
      ...{ id: commit, from: `${root}/.git` },
      ...(tags.here.length + tags.elsewhere.length === 0 ? {} : { tags }),
      ...(root === context.target.directory ? {} : { isFromAbove: true }),
    });
  },
});

/** HEAD holds a commit, or the name of a reference that stands in a file of its own or in `packed-refs`. */
async function headCommit(
  context: CollectContext,
  { git, common }: GitPlace,
  packed: string,
): Promise<string | undefined> {
  const head = (await readRef(context, git, "HEAD"))?.trim() ?? "";
  if (COMMIT.test(head)) return head;
  const name = /^ref: (refs\/[^\s\0]{1,250})$/.exec(head)?.[1];
  if (name === undefined || name.split("/").includes("..")) return undefined;
  const loose = (await readRef(context, common, name))?.trim() ?? "";
  if (COMMIT.test(loose)) return loose;
  const line = packed.split("\n").find((each) => each.trimEnd().endsWith(` ${name}`));
  const commit = line?.split(" ")[0] ?? "";
  return COMMIT.test(commit) ? commit : undefined;
}

async function readRef(
  { host }: CollectContext,
  directory: string,
  name: string,
): Promise<string | undefined> {
  return knownValue(
    await attempt(() => host.readFile(resolveFrom(directory, name), REFS_BYTES_MAX)),
  );
}
