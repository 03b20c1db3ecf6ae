import type { CollectContext } from "../core/fact.ts";
import type { Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";

/** Longest file of the tree that is read as text: 1 MiB; larger ones are data. */
export const TREE_TEXT_BYTES_MAX = 1_048_576;
/** UTF-16 units of one tree that are kept for the next fact that asks. */
export const KEPT_LENGTH_MAX = 24 * 1_048_576;

interface Kept {
  readonly texts: Map<string, Promise<Reading<string>>>;
  length: number;
}

const keptOf = new WeakMap<DeploymentTree, Kept>();

/**
 * The text of a file of the tree. Several facts look through the same files: each is read once, as long as all that
 * is kept stays within `KEPT_LENGTH_MAX`. Throws `HostError` for an abort, which ends the asking fact alone.
 */
export function treeText(
  { host, target }: CollectContext,
  tree: DeploymentTree,
  path: string,
): Promise<Reading<string>> {
  const kept = keptOf.get(tree) ?? { texts: new Map(), length: 0 };
  keptOf.set(tree, kept);
  const known = kept.texts.get(path);
  if (known !== undefined) return known;
  const read = attempt(() => host.readFile(`${target.directory}/${path}`, TREE_TEXT_BYTES_MAX));
  if (kept.length < KEPT_LENGTH_MAX) keep(kept, path, read);
  return read;
}

function keep(kept: Kept, path: string, read: Promise<Reading<string>>): void {
  kept.texts.set(path, read);
  read.then(
    (reading) => {
      if (reading.state === "known") kept.length += reading.value.length;
    },
    // Told to who asked; the next one asks again.
    () => kept.texts.delete(path),
  );
}
