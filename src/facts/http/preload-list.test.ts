import assert from "node:assert/strict";
import { test } from "node:test";

import { preloadState } from "./preload.ts";
import { parsePreloadList } from "./preload-list.ts";

const CHROMIUM = `// Copyright
{ "pinsets": [],
  // entries
  "entries": [
    { "name": "Example.org", "policy": "custom", "mode": "force-https", "include_subdomains": true },
    { "name": "pins.example", "policy": "custom" },
    { "name": "alone.example", "policy": "custom", "mode": "force-https" }
  ] }`;
const SIMPLE =
  '{"a.example": {"mode": "force-https", "includeSubDomains": true}, "b.example": {"mode": ""}}';

test("both forms are read; only what forces https counts", () => {
  assert.deepEqual(
    [...(parsePreloadList(CHROMIUM) ?? [])],
    [
      ["example.org", true],
      ["alone.example", false],
    ],
  );
  assert.deepEqual([...(parsePreloadList(SIMPLE) ?? [])], [["a.example", true]]);
});

test("anything else is no list", () => {
  for (const text of ["", "[]", "1", '{"a": 1}', "{"])
    assert.equal(parsePreloadList(text), undefined, text);
});

test("a host is covered by itself or by a parent with subdomains; without a list nothing is known", () => {
  const list = parsePreloadList(CHROMIUM);
  assert.equal(preloadState(list, "www.example.org").state, "yes");
  assert.equal(preloadState(list, "alone.example").state, "yes");
  assert.equal(preloadState(list, "www.alone.example").state, "no");
  assert.equal(preloadState(undefined, "example.org").state, "unknown");
});
