// Replays every scenario and prints where the grade differs from the Observatory's. Exit 1 when any does.
// usage: bin/node scripts/http-scenarios.ts FILE|DIRECTORY [--spawn N]
//   --spawn N: every Nth row through the real command line instead of its functions
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { compareGrades, differencesOf } from "../test/integration/http-parity.ts";
import {
  type Certificates,
  makeCertificates,
  startReplay,
} from "../test/integration/http-replay.ts";
import {
  LAB_PRELOAD,
  liveExpectation,
  type ScenarioRow,
} from "../test/integration/http-scenario.ts";
import { plimsoll } from "../test/integration/plimsoll.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { spawn: { type: "string" } },
});
const [place] = positionals;
if (place === undefined) {
  process.stderr.write("usage: http-scenarios.ts FILE|DIRECTORY [--spawn N]\n");
  process.exit(64);
}
const file = statSync(place).isDirectory() ? join(place, "scenarios.dev.jsonl") : place;
const all = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line): ScenarioRow => JSON.parse(line));
const every = values.spawn === undefined ? undefined : Number(values.spawn);
const rows = every === undefined ? all : all.filter((_, at) => at % every === 0);
const directory = mkdtempSync(join(tmpdir(), "plimsoll-http-"));

interface GradeJson {
  readonly method: string;
  readonly grade: string;
  readonly score: number;
  readonly parts: {
    readonly tests: Readonly<Record<string, unknown>>;
    readonly statusCode: number;
    readonly testsPassed: number;
    readonly testsFailed: number;
  };
}

/** The same question put to the real command line. */
async function spawned(row: ScenarioRow, certificates: Certificates): Promise<readonly string[]> {
  const expected = liveExpectation(row);
  if (expected === undefined) return [];
  const { site, path = "/" } = row.scenario;
  const replay = await startReplay(row.scenario, certificates);
  const { stdout } = await plimsoll([
    "http",
    `https://${site}${path}`,
    "--json",
    ...["--http-port", String(replay.httpPort), "--https-port", String(replay.httpsPort)],
    ...["--connect-to", "::127.0.0.1:", "--cacert", certificates.caFile],
    ...["--hsts-preload", join(directory, "preload.json")],
  ]);
  await replay.close();
  const grades: readonly GradeJson[] = JSON.parse(stdout).grades;
  const own = grades.find(({ method }) => method === "mdn-observatory");
  return compareGrades(own === undefined ? undefined : { ...own, ...own.parts }, expected);
}

try {
  const certificates = makeCertificates(directory);
  const preload = [...LAB_PRELOAD].map(([name, includeSubDomains]) => [
    name,
    { mode: "force-https", includeSubDomains },
  ]);
  writeFileSync(join(directory, "preload.json"), JSON.stringify(Object.fromEntries(preload)));
  const start = performance.now();
  let differing = 0;
  for (const row of rows) {
    const found = await (every === undefined ? differencesOf : spawned)(row, certificates);
    if (found.length === 0) continue;
    differing += 1;
    process.stdout.write(`${row.id}\n${found.map((line) => `  ${line}\n`).join("")}`);
  }
  const each = ((performance.now() - start) / rows.length).toFixed(1);
  process.stdout.write(`${rows.length} rows, ${differing} differ, ${each} ms each\n`);
  process.exitCode = differing === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}
