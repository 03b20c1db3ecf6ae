import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { resolveFrom } from "./target-path.ts";

/** Names of tags by whether they are of the commit that is checked out. */
export interface ReleaseTags {
  readonly here: readonly string[];
  /** Of other commits; an annotated tag that stands in a file of its own is in neither list. */
  readonly elsewhere: readonly string[];
}

/** Tags that are looked at, of each kind. */
export const TAGS_MAX = 2_000;
const TAG_BYTES_MAX = 256;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `refs/tags/NAME` in `packed-refs` and in files; the commit of an annotated one follows it there (gitrepository-layout(5)). */
export async function releaseTags(
  context: CollectContext,
  common: string,
  packed: string,
  commit: string,
): Promise<ReleaseTags> {
  const loose = await looseTags(context, common);
  const kept = [...packedTags(packed)].filter(([name]) => !loose.has(name));
  return {
    here: [...loose, ...kept].filter(([, target]) => target === commit).map(([name]) => name),
    // Of a file it is not known whether it holds a commit or an annotated tag.
    elsewhere: kept.filter(([, target]) => target !== commit).map(([name]) => name),
  };
}

type Tags = ReadonlyMap<string, string>;

function packedTags(packed: string): Tags {
  const found = new Map<string, string>();
  // Without the word annotated tags are not followed by their commit.
  if (!/^# pack-refs with:.*\bpeeled\b/.test(packed)) return found;
  let last = "";
  for (const line of packed.split("\n")) {
    const peeled = /^\^([0-9a-f]{40,64})\s*$/.exec(line)?.[1];
    if (peeled !== undefined && last !== "") found.set(last, peeled);
    const [, target, name] = /^([0-9a-f]{40,64}) refs\/tags\/([^\s\0]{1,200})\s*$/.exec(line) ?? [];
    last = name ?? "";
    if (name === undefined || target === undefined) continue;
    if (found.size >= TAGS_MAX) break;
    found.set(name, target);
  }
  return found;
}

/** A file of its own holds the commit, or the number of an annotated tag, which is not followed. */
async function looseTags({ host }: CollectContext, common: string): Promise<Tags> {
  const directory = resolveFrom(common, "refs/tags");
  const names = knownValue(await attempt(() => host.readDir(directory))) ?? [];
  const found = new Map<string, string>();
  for (const name of names.slice(-TAGS_MAX)) {
    const path = resolveFrom(directory, name);
    const text = knownValue(await attempt(() => host.readFile(path, TAG_BYTES_MAX)))?.trim() ?? "";
    if (COMMIT.test(text)) found.set(name, text);
  }
  return found;
}
