import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { HostError } from "../core/reading.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { KEPT_LENGTH_MAX, TREE_TEXT_BYTES_MAX, treeText } from "./tree-text.ts";

/** Answers each read by `answer` and counts them. */
function contextOf(answer: (path: string, times: number) => string) {
  const asked: string[] = [];
  const host = {
    async readFile(path: string, bytesMax: number): Promise<string> {
      assert.equal(bytesMax, TREE_TEXT_BYTES_MAX);
      asked.push(path);
      return answer(path, asked.length);
    },
  };
  // A read is all that is asked of it.
  const context = { host, target: { directory: "/srv" } } as unknown as CollectContext;
  return { context, asked };
}
const tree = () => ({}) as DeploymentTree;

test("a file is read once for a tree, and again for another", async () => {
  const { context, asked } = contextOf((path) => path);
  const one = tree();
  assert.deepEqual(await treeText(context, one, "a.py"), { state: "known", value: "/srv/a.py" });
  await treeText(context, one, "a.py");
  await treeText(context, tree(), "a.py");
  assert.deepEqual(asked, ["/srv/a.py", "/srv/a.py"]);
});

test("beyond what is kept each is read again", async () => {
  const { context, asked } = contextOf(() => "x".repeat(KEPT_LENGTH_MAX / 2));
  const one = tree();
  for (const path of ["a", "b", "c", "c", "a"]) await treeText(context, one, path);
  assert.deepEqual(asked, ["/srv/a", "/srv/b", "/srv/c", "/srv/c"]);
});

test("what was broken off is told to who asked, and read anew for the next", async () => {
  const { context } = contextOf((_, times) => {
    if (times === 1) throw new HostError("timed-out", "too late");
    return "text";
  });
  const one = tree();
  await assert.rejects(treeText(context, one, "a"), /too late/);
  assert.deepEqual(await treeText(context, one, "a"), { state: "known", value: "text" });
});
