import assert from "node:assert/strict";
import { test } from "node:test";
import { asJsonObject, isJsonObject } from "./json-object.ts";

test("an object of JSON is no list, no null and no text", () => {
  const object = { a: 1 };
  assert.equal(asJsonObject(object), object);
  for (const other of [[], null, "{}", 1, true, undefined]) {
    assert.equal(isJsonObject(other), false);
    assert.equal(asJsonObject(other), undefined);
  }
});
