// Compares the settings `plimsoll collect` lists with labelled facts of public repositories.
// usage: bin/node scripts/source-truth.ts TRUTH.jsonl DIRECTORY [SLUG-PREFIX...]
//   DIRECTORY holds each repository's files at its commit as OWNER+NAME@FIRST-8-OF-COMMIT.
// One line for each difference: what is missing, of another kind, or a finding where the label says there is none.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Control, plimsoll } from "../test/integration/plimsoll.ts";

interface Fact {
  readonly slug: string;
  readonly file: string;
  readonly line: number | null;
  readonly kind: string;
  readonly value: string;
  readonly note?: string;
}
interface Repository {
  readonly repo: string;
  readonly commit: string;
  readonly facts: readonly Fact[];
}
type Row = Pick<Fact, "slug" | "file" | "line" | "kind">;

const [truth = "", directory = "", ...prefixes] = process.argv.slice(2);
if (truth === "" || directory === "") {
  process.stderr.write("usage: source-truth.ts TRUTH.jsonl DIRECTORY [SLUG-PREFIX...]\n");
  process.exit(64);
}
let facts = 0;
let differences = 0;
for (const line of readFileSync(truth, "utf8").trim().split("\n")) {
  const repository = JSON.parse(line) as Repository;
  const name = `${repository.repo.replace("/", "+")}@${repository.commit.slice(0, 8)}`;
  const tree = join(directory, name);
  const wanted = repository.facts.filter(
    ({ slug }) => prefixes.length === 0 || prefixes.some((prefix) => slug.startsWith(prefix)),
  );
  if (wanted.length === 0) continue;
  if (!existsSync(tree)) {
    process.stderr.write(`${tree} is missing\n`);
    process.exit(64);
  }
  const rows = rowsIn(JSON.parse((await plimsoll(["collect", tree, "--no-host", "-q"])).stdout));
  const blamed = findingsOf(
    (await plimsoll(["audit", tree, "--no-host", "--offline", "--format", "json", "-q"])).stdout,
  );
  for (const fact of wanted) {
    facts += 1;
    const found = differenceOf(fact, rows, blamed);
    if (found === undefined) continue;
    differences += 1;
    console.log(`${name}: ${fact.slug} ${fact.file}:${fact.line} ${fact.kind}: ${found}`);
  }
}
console.log(`${facts} facts, ${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;

function differenceOf(
  fact: Fact,
  rows: readonly Row[],
  blamed: ReadonlyMap<string, string>,
): string | undefined {
  const control = blamed.get(`${fact.file}:${fact.line}`);
  if (fact.note?.startsWith("NEGATIVE") === true && control !== undefined) {
    return `is a finding of ${control}, and must be none`;
  }
  const there = rows.filter(({ file, line }) => file === fact.file && line === fact.line);
  const same = there.filter(({ slug }) => slug === fact.slug);
  if (same.some(({ kind }) => kind === fact.kind)) return undefined;
  if (same.length > 0) return `listed as ${same.map(({ kind }) => kind).join(", ")}`;
  const elsewhere = rows.filter(({ slug }) => slug === fact.slug);
  const others = there
    .filter(({ line }) => line !== null)
    .map(({ slug, kind }) => `${slug} (${kind})`);
  return [
    "not listed",
    ...(others.length === 0 ? [] : [`the line is ${others.join(", ")}`]),
    ...elsewhere.slice(0, 5).map(({ file, line, kind }) => `${kind} at ${file}:${line}`),
  ].join("; ");
}

/** Every row of a setting, whichever fact holds it. */
function rowsIn(value: unknown): readonly Row[] {
  if (Array.isArray(value)) return value.flatMap(rowsIn);
  if (typeof value !== "object" || value === null) return [];
  const isRow = "slug" in value && "file" in value && "line" in value && "kind" in value;
  return isRow ? [value as Row] : Object.values(value).flatMap(rowsIn);
}

/** `file:line` of what a finding rests on, and the control that blames it. */
function findingsOf(text: string): ReadonlyMap<string, string> {
  const { controls } = JSON.parse(text) as { readonly controls: readonly Control[] };
  return new Map(
    controls.flatMap(({ id, findings }) =>
      findings.flatMap(({ evidence: [first] }) =>
        first?.file === undefined ? [] : [[`${first.file}:${first.line}`, id] as const],
      ),
    ),
  );
}
