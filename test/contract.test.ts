import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";

import { planFacts } from "../src/audit/plan.ts";
import { ITEMS } from "../src/checks/attested/items.ts";
import { checks } from "../src/checks/index.ts";
import { CATALOG_VERSION } from "../src/checks/seed/catalog-version.ts";
import { SEED_REQUIREMENTS } from "../src/checks/seed/requirements.ts";
import { VERSION } from "../src/cli/version.ts";

const root = dirname(import.meta.dirname);
const controls = [...new Set(checks.map(({ control }) => control))];

test("there are checks, and ids are unique", () => {
  assert.ok(checks.length >= 26);
  const ids = checks.map(({ control, layer }) => `${control.id}/${layer}`);
  assert.deepEqual(ids, [...new Set(ids)]);
  assert.equal(new Set(controls.map(({ id }) => id)).size, controls.length);
});

for (const check of checks) {
  const { id } = check.control;
  const [area = "", name = ""] = id.split(".");
  const folder = `src/checks/${area}/${name}`;

  test(`${id}/${check.layer}: its files stand where its id says`, () => {
    assert.ok(existsSync(`${root}/${folder}/${name}.control.ts`));
    assert.ok(existsSync(`${root}/${folder}/${name}-${check.layer}.check.ts`));
    assert.ok(globSync(`${folder}/*.test.ts`, { cwd: root }).length > 0, "no test beside it");
  });

  test(`${id}/${check.layer}: says how the layer is read`, () => {
    assert.ok(check.reads.length > 10);
  });

  test(`${id}/${check.layer}: its tests hold a case that passes and one that does not`, () => {
    const tests = globSync(`${folder}/*.test.ts`, { cwd: root })
      .map((path) => readFileSync(`${root}/${path}`, "utf8"))
      .join("\n");
    assert.match(tests, /"pass"/);
    // A rule that makes notes alone never takes the pass away.
    assert.match(tests, /"(?:warn|fail|note)[" ]|:\d+ note"/);
  });
}

for (const control of controls) {
  test(`${control.id}: metadata is complete`, () => {
    assert.ok(control.title.length > 0 && [...control.title].length <= 80);
    assert.doesNotMatch(control.title, /^(?:Ensure|Check)\b/);
    assert.ok(control.risk.length > 20 && control.rule.length > 20 && control.fix.length > 10);
    // Rules on proxies and on deployment files go beyond what the two seed documents ask for.
    const isBeyond = /^(?:proxy|compose|docker|systemd|launcher)\./.test(control.id);
    assert.ok(control.seed.length > 0 || isBeyond);
    for (const id of control.seed)
      assert.ok(
        SEED_REQUIREMENTS.some((row) => row.id === id),
        id,
      );
    for (const url of control.references) assert.match(url, /^https:\/\//);
  });
}

test("no check reads a sealed fact, and fact ids are unique and equal their file's name", () => {
  for (const { needs, wants } of checks) {
    for (const fact of [...Object.values(needs), ...Object.values(wants)]) {
      assert.equal((fact as { sealed: boolean }).sealed, false);
    }
  }
  const facts = planFacts(checks).map(({ fact }) => fact.id);
  assert.equal(new Set(facts).size, facts.length);
  for (const id of facts) assert.ok(existsSync(`${root}/src/facts/${id}.fact.ts`), id);
});

test("every requirement of seed 1 is answered by a control or by the drop-in", () => {
  const rows = SEED_REQUIREMENTS.filter(({ id }) => id.startsWith("S1."));
  assert.equal(rows.length, 41);
  for (const { id, answeredBy } of rows) {
    assert.ok(answeredBy !== undefined || controls.some(({ seed }) => seed.includes(id)), id);
  }
});

test("the 13 checks of seed 1 have one row each in the drop-in, two generations for 7 and 10", () => {
  const rows = controls.flatMap(({ compat }) => (compat === undefined ? [] : [compat]));
  const orders = rows.map(({ order }) => order).sort((a, b) => a - b);
  assert.deepEqual(orders, [1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11, 12, 13]);
  assert.equal(new Set(rows.map(({ check }) => check)).size, rows.length);
});

test("the version is package.json's", () => {
  assert.equal(VERSION, JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version);
});

test("every one of the 89 boxes of seed 2 has a control", () => {
  const boxes = SEED_REQUIREMENTS.filter(({ id, kind }) => id.startsWith("S2.") && kind === "box");
  assert.equal(boxes.length, 89);
  const without = boxes.filter(({ id }) => !controls.some(({ seed }) => seed.includes(id)));
  assert.deepEqual(
    without.map(({ id, text }) => `${id} ${text}`),
    [],
  );
});

test("what else stands in seed 2 has a control, or what answers it is named", () => {
  const rows = SEED_REQUIREMENTS.filter(({ id, kind }) => id.startsWith("S2.") && kind !== "box");
  const without = rows.filter(
    ({ id, answeredBy }) =>
      answeredBy === undefined && !controls.some(({ seed }) => seed.includes(id)),
  );
  assert.deepEqual(
    without.map(({ id, text }) => `${id} ${text}`),
    [],
  );
});

test("the catalog's version is that of the requirements", () => {
  const text = SEED_REQUIREMENTS.map((row) => `${row.id} ${row.text}\n`).join("");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  assert.equal(CATALOG_VERSION, `2026-01-31.${digest}`);
});

test("every item that can be attested has a control with the layer that asks for it, and no other control has it", () => {
  const attested = checks
    .filter(({ layer }) => layer === "attested")
    .map(({ control }) => control.id);
  const asked = ITEMS.map(({ control }) => control);
  assert.deepEqual(attested.sort(), asked.sort());
});
