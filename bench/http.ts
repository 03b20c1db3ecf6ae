/**
 * `bin/node bench/http.ts [SCENARIOS.jsonl]`: plimsoll http on loopback. Cold start on one site, many sites in one
 * process, and `--targets`. Run "npm run build" first.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { differencesOf } from "../test/integration/http-parity.ts";
import { makeCertificates, startReplay } from "../test/integration/http-replay.ts";
import type { ScenarioRow } from "../test/integration/http-scenario.ts";
import { measure, show } from "./measure.ts";

const root = dirname(import.meta.dirname);
const executable = join(root, "bin/plimsoll");
const RUNS = 7;
const SCENARIOS = 500;
const TARGETS = [200, 2_000];

if (!existsSync(join(root, "dist"))) {
  console.error('run "npm run build" first');
  process.exit(64);
}
const file = process.argv[2] ?? join(root, "test/data/http/scenarios.jsonl");
const rows = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line): ScenarioRow => JSON.parse(line));
const directory = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
try {
  const certificates = makeCertificates(directory);
  const [row] = rows;
  if (row === undefined) throw new Error(`${file} is empty`);
  const replay = await startReplay(row.scenario, certificates);
  const place = [
    ...["--http-port", String(replay.httpPort), "--https-port", String(replay.httpsPort)],
    ...["--connect-to", "::127.0.0.1:", "--cacert", certificates.caFile],
  ];
  const costs = [];
  for (let run = 0; run < RUNS; run += 1) {
    costs.push(await measure(executable, ["http", row.scenario.site, ...place]));
  }
  console.log(show("cold start, one site", costs));

  const before = process.cpuUsage();
  for (let at = 0; at < SCENARIOS; at += 1) {
    const each = rows[at % rows.length];
    if (each !== undefined) await differencesOf(each, certificates);
  }
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000 / SCENARIOS;
  console.log(
    `${SCENARIOS} scenarios in one process, their servers included: ${cpuMs.toFixed(1)} ms of CPU each`,
  );

  for (const count of TARGETS) {
    const list = join(directory, "targets.txt");
    writeFileSync(list, `${row.scenario.site}\n`.repeat(count));
    const cost = await measure(executable, [
      "http",
      "--targets",
      list,
      "--timeout",
      "3600",
      ...place,
    ]);
    console.log(show(`--targets with ${count} sites`, [cost]));
    console.log(`  ${(cost.cpuMs / count).toFixed(1)} ms of CPU a site`);
  }
  await replay.close();
} finally {
  rmSync(directory, { recursive: true });
}
