import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "node:test";

/** Each folder of src and what it may import besides itself: lower floors, modules of Node, libraries. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  parsers: ["core", "htmlparser2", "tldts", "yaml", "@babel/parser", "smol-toml"],
  wire: ["core", "node:crypto"],
  host: ["core", "node:"],
  facts: ["core", "parsers", "wire"],
  checks: ["core", "parsers", "facts", "grades"],
  grades: ["core", "parsers"],
  audit: ["core", "wire", "facts", "checks"],
  report: ["core", "node:util"],
  cli: ["core", "host", "facts", "checks", "grades", "audit", "report", "node:"],
};
const IMPORT =
  /^\s*(?:import|export)\b[^;"]*?from\s*"([^"]+)"|import\(\s*"([^"]+)"\s*\)|^\s*import\s+"([^"]+)"/gm;

const root = dirname(import.meta.dirname);
const files = globSync("src/**/*.ts", { cwd: root, exclude: ["**/*.test.ts"] });

/** What a file imports: floors for relative paths, specifiers as written for the rest. */
function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, from, dynamic, bare]) => {
    const specifier = from ?? dynamic ?? bare ?? "";
    if (!specifier.startsWith(".")) return specifier;
    return relative("src", resolve("/", dirname(file), specifier).slice(1)).split("/")[0] ?? "";
  });
}

function isAllowed(floor: string, target: string): boolean {
  const allowed = FLOORS[floor] ?? [];
  return (
    target === floor ||
    allowed.some((name) => name === target || (name === "node:" && target.startsWith("node:")))
  );
}

test("there are files to look at, and the imports in them are seen", () => {
  assert.ok(files.length > 100);
  assert.deepEqual(
    importsOf(
      "src/facts/x.fact.ts",
      'import { a } from "../host/b.ts";\nimport type { c } from "node:fs";',
    ),
    ["host", "node:fs"],
  );
  assert.ok(!isAllowed("facts", "host"));
});

for (const file of files) {
  test(`${file} imports only lower floors`, () => {
    const floor = file.split("/")[1] ?? "";
    assert.ok(Object.hasOwn(FLOORS, floor), `${floor} is not a floor`);
    for (const target of importsOf(file, readFileSync(`${root}/${file}`, "utf8"))) {
      assert.ok(isAllowed(floor, target), `${target} is not on a floor ${floor} may import`);
    }
  });
}

test("a check imports no other control's folder", () => {
  for (const file of files.filter((path) =>
    /^src\/checks\/[^/]+\/[^/]+\/.*\.check\.ts$/.test(path),
  )) {
    const folder = dirname(file);
    const text = readFileSync(`${root}/${file}`, "utf8");
    for (const [, specifier = ""] of text.matchAll(/from "(\.[^"]+)"/g)) {
      const target = resolve("/", folder, specifier).slice(1);
      const isOther = /\.(control|check)\.ts$/.test(target) && dirname(target) !== folder;
      assert.ok(!isOther, `${file} imports ${target}`);
    }
  }
});
