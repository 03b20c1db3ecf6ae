import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { findGit, type GitPlace } from "./repository.fact.ts";
import { resolveFrom } from "./target-path.ts";

/** Which release of the application this is. */
export interface Release {
  /** As `--release` has it, or the commit, hex. */
  readonly id: string;
  /** `--release`, or where the commit was read. */
  readonly from: string;
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
    const commit = await headCommit(context, git.value);
    if (commit === undefined) return absent(`${git.value.git}/HEAD names no commit`);
    const { root } = git.value;
    return known({
      ...{ id: commit, from: `${root}/.git` },
      ...(root === context.target.directory ? {} : { isFromAbove: true }),
    });
  },
});

/** HEAD holds a commit, or the name of a reference that stands in a file of its own or in `packed-refs`. */
async function headCommit(
  { host }: CollectContext,
  { git, common }: GitPlace,
): Promise<string | undefined> {
  const read = async (directory: string, name: string) =>
    knownValue(await attempt(() => host.readFile(resolveFrom(directory, name), REFS_BYTES_MAX)));
  const head = (await read(git, "HEAD"))?.trim() ?? "";
  if (COMMIT.test(head)) return head;
  const name = /^ref: (refs\/[^\s\0]{1,250})$/.exec(head)?.[1];
  if (name === undefined || name.split("/").includes("..")) return undefined;
  const loose = (await read(common, name))?.trim() ?? "";
  if (COMMIT.test(loose)) return loose;
  const packed = (await read(common, "packed-refs")) ?? "";
  const line = packed.split("\n").find((each) => each.trimEnd().endsWith(` ${name}`));
  const commit = line?.split(" ")[0] ?? "";
  return COMMIT.test(commit) ? commit : undefined;
}
