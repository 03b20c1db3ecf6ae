import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { parsePython } from "../../src/parsers/python/parse.ts";

/** Debian's own Python files: the standard library and its packages. */
const FILES = globSync("/usr/lib/python3*/**/*.py").sort();
/** One in so many is read, so that the run takes seconds; all of them were, by hand. */
const STEP = Math.max(1, Math.floor(FILES.length / 250));
const SAMPLE = FILES.filter((_, index) => index % STEP === 0);

test("the tree of a file is CPython's own, node by node, with its lines and columns", () => {
  assert.ok(SAMPLE.length > 100, "Debian's python3 is there");
  const input = SAMPLE.join("\n");
  const printed = execFileSync("python3", [`${import.meta.dirname}/python-syntax.py`], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 29,
  });
  const trees = printed.trim().split("\n");
  let compared = 0;
  for (const [index, file] of SAMPLE.entries()) {
    const theirs: unknown = JSON.parse(trees[index] ?? "null");
    if (theirs === null) continue;
    // A form feed sets the column back to 0 for Python; it is no part of what is compared.
    const ours = parsePython(readFileSync(file, "utf8").replaceAll("\f", " "));
    assert.ok(ours.ok, file);
    assert.deepEqual(ours.module.errors, [], file);
    assert.equal(difference(ours.module.body, theirs, ""), undefined, file);
    compared += 1;
  }
  assert.ok(compared > 100);
});

/** The first place where ours has not what theirs has; what only ours has (offsets) is not looked at. */
function difference(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (ours === theirs || (theirs === null && isNothing(ours))) return undefined;
  if (typeof ours === "string" && typeof theirs === "string" && isSameText(ours, theirs, path))
    return undefined;
  if (!isNode(ours) || !isNode(theirs))
    return `${path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`;
  return differenceIn(ours, theirs, path);
}

type Node = Readonly<Record<string, unknown>>;

function differenceIn(ours: Node, theirs: Node, path: string): string | undefined {
  const count = Object.keys(ours).length;
  if (Array.isArray(theirs) && count !== theirs.length)
    return `${path}: ${count} instead of ${theirs.length}`;
  for (const [key, value] of Object.entries(theirs)) {
    const found = key === "annotation" ? undefined : difference(ours[key], value, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

/** Numbers that JSON has not are printed as null. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "number" && !(Math.abs(value) < 1e300);
}

/** `\N{NAME}` stays as it is written; exceptions are told in the source's own blanks. */
function isSameText(ours: string, theirs: string, path: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\s/g, "");
  return (
    ours.includes("\\N{") || (/\.exceptions\.\d+$/.test(path) && plain(ours) === plain(theirs))
  );
}
