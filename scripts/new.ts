/** `npm run new -- check <area>.<name> --layer L`: scaffolds a check, its control and its test. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { LAYERS } from "../src/core/check.ts";

const USAGE = `usage: npm run new -- check <area>.<name> --layer ${LAYERS.join("|")}`;
const root = dirname(import.meta.dirname);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { layer: { type: "string" } },
});
const [kind, id = ""] = positionals;
const layer = LAYERS.find((known) => known === values.layer);
const match = /^([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)$/.exec(id);
if (kind !== "check" || layer === undefined || match === null) fail(USAGE);
const [, area = "", name = ""] = match;
const folder = `src/checks/${area}/${name}`;
const control = camelCase(`${area}-${name}`);
const check = camelCase(`${area}-${name}-${layer}`);

mkdirSync(join(root, folder), { recursive: true });
if (!existsSync(join(root, `${folder}/${name}.control.ts`)))
  write(`${folder}/${name}.control.ts`, controlText());
write(`${folder}/${name}-${layer}.check.ts`, checkText());
write(`${folder}/${name}-${layer}.check.test.ts`, testText());
console.log('Fill them in, then "npm run generate && npm run check && npm test".');

function controlText(): string {
  return `import type { Control } from "../../../core/check.ts";

export const ${control}: Control = {
  id: "${id}",
  title: "",
  severity: "medium",
  seed: [],
  risk: "",
  rule: "",
  fix: "",
  references: [""],
};
`;
}

function checkText(): string {
  return `import { defineCheck, notApplicable } from "../../../core/check.ts";
import { deploymentTree } from "../../../facts/deployment-tree.fact.ts";
import { ${control} } from "./${name}.control.ts";

export const ${check} = defineCheck({
  control: ${control},
  layer: "${layer}",
  reads: "",
  needs: { tree: deploymentTree },

  evaluate({ tree }) {
    return notApplicable(\`\${tree.files.length} files, none of them concerned\`);
  },
});
`;
}

function testText(): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";

import { ${check} } from "./${name}-${layer}.check.ts";

const cases: readonly [name: string, files: readonly string[], status: string][] = [];

for (const [name, files, status] of cases) {
  test(\`\${${check}.control.id}: \${name} is \${status}\`, () => {
    const tree = {
      files: files.map((path) => ({ path, kind: "file" as const })),
      directories: [],
      isTruncated: false,
      unreadable: [],
    };
    assert.equal(${check}.evaluate({ tree }, {}).status, status);
  });
}

test("${id}/${layer} has a case that passes and one that does not", () => {
  const statuses = new Set(cases.map(([, , status]) => status));
  assert.ok(statuses.has("pass") && (statuses.has("warn") || statuses.has("fail")));
});
`;
}

function write(path: string, text: string): void {
  const full = join(root, path);
  if (existsSync(full)) fail(`${path} is there already`);
  writeFileSync(full, text);
  console.log(path);
}

function camelCase(words: string): string {
  return words.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fail(message: string): never {
  console.error(message);
  process.exit(64);
}
