import assert from "node:assert/strict";
import { test } from "node:test";

import { UndoMap } from "./undo-map.ts";

test("what was set and deleted since a mark is taken back and told", () => {
  const map = new UndoMap<number>();
  map.set("a", 1).set("b", 2);
  map.mark();
  map.set("a", 10).set("c", 3).set("c", 4);
  map.delete("b");
  assert.deepEqual([...map.takeBack()].sort(), [
    ["a", 10],
    ["b", undefined],
    ["c", 4],
  ]);
  assert.deepEqual([...map].sort(), [
    ["a", 1],
    ["b", 2],
  ]);
});

test("marks lie in each other", () => {
  const map = new UndoMap<number>();
  map.mark();
  map.set("a", 1);
  map.mark();
  map.set("a", 2);
  assert.deepEqual([...map.takeBack()], [["a", 2]]);
  assert.equal(map.get("a"), 1);
  assert.deepEqual([...map.takeBack()], [["a", 1]]);
  assert.equal(map.size, 0);
});
