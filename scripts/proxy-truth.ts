/**
 * Compares what the checks on nginx find with labelled configurations.
 *
 * `bin/node scripts/proxy-truth.ts DIR [SLUG...]`: DIR holds `expected.jsonl` and `nginx/NAME/nginx.conf`
 * (format in /work/shared/data/proxy/README.md). Prints one line per difference, exits 1 where there is one.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { compareSample, type ProxySample } from "../test/proxy-truth.ts";

const [directory = "", ...slugs] = process.argv.slice(2);
const lines = readFileSync(join(resolve(directory), "expected.jsonl"), "utf8")
  .trim()
  .split("\n");
let differences = 0;
for (const line of lines) {
  const sample = JSON.parse(line) as ProxySample;
  const found = await compareSample(join(resolve(directory), "nginx", sample.name), sample);
  for (const one of found.filter(({ slug }) => slugs.length === 0 || slugs.includes(slug))) {
    differences += 1;
    console.log(`${sample.name}: ${one.kind} ${one.slug} ${one.where} ${one.detail}`);
  }
}
console.log(`${lines.length} configurations, ${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;
