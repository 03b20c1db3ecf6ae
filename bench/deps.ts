/**
 * `bin/node bench/deps.ts`: 1,000 pins against an index of 20,000 advisories of 5,000 packages: opening the index and
 * looking all up, CPU time of 20 runs. Target: 100 ms.
 */
import { openOsvIndex, writeOsvIndex } from "../src/parsers/dependencies/osv-index.ts";
import { matchOsv } from "../src/parsers/dependencies/osv-match.ts";
import { parseOsvRecord } from "../src/parsers/dependencies/osv-record.ts";

const ADVISORIES = 20_000;
const PACKAGES = 5_000;
const PINS = 1_000;
const RUNS = 20;

const records = Array.from({ length: ADVISORIES }, (_, number) => {
  const fixed = `${(number % 7) + 1}.${number % 13}.${number % 5}`;
  const parsed = parseOsvRecord({
    id: `GHSA-${number}`,
    modified: "2026-11-01T00:00:00Z",
    aliases: [`CVE-2026-${number}`],
    affected: [
      {
        package: { ecosystem: "PyPI", name: `package-${number % PACKAGES}` },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
        versions: Array.from({ length: 20 }, (_, minor) => `0.${minor}`),
      },
    ],
  });
  if (parsed.state !== "record") throw new Error("the bench makes no records");
  return parsed.record;
});
const text = writeOsvIndex(records, Date.UTC(2026, 10, 22));

const costs: number[] = [];
let found = 0;
for (let run = 0; run < RUNS; run++) {
  const start = process.cpuUsage();
  const opened = openOsvIndex(text);
  if (!opened.ok) throw new Error(opened.message);
  found = 0;
  for (let pin = 0; pin < PINS; pin++) {
    found += matchOsv(opened.index, "PyPI", `Package_${pin * 5}`, "3.2.1").matches.length;
  }
  const { user, system } = process.cpuUsage(start);
  costs.push((user + system) / 1_000);
}
costs.sort((a, b) => a - b);
console.log(
  `${PINS} pins, ${ADVISORIES} advisories, index of ${(text.length / 1e6).toFixed(1)} MB: ${found} vulnerabilities; CPU median ${costs[RUNS / 2]?.toFixed(1)} ms, worst ${costs.at(-1)?.toFixed(1)} ms`,
);
