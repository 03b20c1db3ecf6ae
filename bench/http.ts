/**
 * `bin/node bench/http.ts [SCENARIOS.jsonl]`: plimsoll http on loopback, the servers in a process of their own. Cold
 * start on one site, many sites in one process, and `--targets`. Run "npm run build" first.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { surveySite } from "../src/facts/http/survey.ts";
import { gradeObservatory } from "../src/grades/observatory.grade.ts";
import { createLocalHost } from "../src/host/local-host.ts";
import { LAB_PRELOAD, type ScenarioRow } from "../test/integration/http-scenario.ts";
import type { ServedScenarios } from "./http-servers.ts";
import { measure, show } from "./measure.ts";

const root = dirname(import.meta.dirname);
const RUNS = 9;
const SCENARIOS = 500;
const TARGETS = [200, 2_000];
const LOOPBACK = [{ fromHost: "", fromPort: "", toHost: "127.0.0.1", toPort: "" }];
const bundle = join(root, "dist/plimsoll.cjs");
const executable = join(root, "dist/plimsoll");

if (!existsSync(executable)) {
  console.error('run "npm run build" first');
  process.exit(64);
}
const file = process.argv[2] ?? join(root, "test/data/http/scenarios.jsonl");
const rows = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line): ScenarioRow => JSON.parse(line));
const directory = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
const script = join(import.meta.dirname, "http-servers.ts");
const servers = spawn(process.execPath, ["--no-warnings", script, file, directory], {
  stdio: ["pipe", "pipe", "inherit"],
});
try {
  const lines = createInterface(servers.stdout)[Symbol.asyncIterator]();
  const { value = "" } = await lines.next();
  const served: ServedScenarios = JSON.parse(value);
  // One that is an ordinary site: a page, a redirect to it, robots.txt.
  const at = Math.max(
    0,
    rows.findIndex(({ tags }) => tags.includes("good")),
  );
  const [row, ports] = [rows[at], served.ports[at]];
  if (row === undefined || ports === undefined) throw new Error(`${file} is empty`);
  const place = [
    ...["--http-port", String(ports.http), "--https-port", String(ports.https)],
    ...["--connect-to", "::127.0.0.1:", "--cacert", served.caFile],
  ];
  await coldStart([row.scenario.site, ...place]);
  await oneProcess(served);
  for (const count of TARGETS) await targets(row.scenario.site, place, count);
} finally {
  servers.stdin.end();
  rmSync(directory, { recursive: true });
}

async function coldStart(args: readonly string[]): Promise<void> {
  const programs = [
    ["executable", executable, []],
    ["bundle", process.execPath, ["--no-warnings", bundle]],
  ] as const;
  for (const [name, program, before] of programs) {
    const costs = [];
    for (let run = 0; run < RUNS; run += 1) {
      costs.push(await measure(program, [...before, "http", ...args]));
    }
    console.log(show(`cold start, one site, ${name}`, costs));
  }
}

/** The second round is measured: in the first one the code is still being compiled. */
async function oneProcess({ caFile, ports }: ServedScenarios): Promise<void> {
  const host = createLocalHost({ caFile, connectTo: LOOPBACK });
  for (const count of [rows.length, SCENARIOS]) {
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    for (let at = 0; at < count; at += 1) await look(host, at % rows.length, ports);
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = ((user + system) / 1_000 / count).toFixed(1);
    const wallMs = ((performance.now() - start) / count).toFixed(1);
    console.log(
      `${count} scenarios in one process, one at a time: ${cpuMs} ms of CPU, ${wallMs} ms wall each`,
    );
  }
}

async function look(
  host: ReturnType<typeof createLocalHost>,
  at: number,
  ports: ServedScenarios["ports"],
): Promise<void> {
  const [row, place] = [rows[at], ports[at]];
  if (row === undefined || place === undefined) return;
  const { site, path = "/" } = row.scenario;
  const request = { url: `https://${site}${path}`, ports: place, preload: LAB_PRELOAD };
  const context = { signal: new AbortController().signal, nowMs: Date.now(), seed: row.id };
  gradeObservatory(await surveySite(host, request, context));
}

async function targets(site: string, place: readonly string[], count: number): Promise<void> {
  const list = join(directory, "targets.txt");
  writeFileSync(list, `${site}\n`.repeat(count));
  const limits = ["--timeout", "3600"];
  const cost = await measure(executable, ["http", "--targets", list, ...limits, ...place]);
  console.log(show(`--targets with ${count} sites`, [cost]));
  console.log(
    `  ${(cost.cpuMs / count).toFixed(1)} ms of CPU a site, ${(count / (cost.wallMs / 1_000)).toFixed(0)} sites a second`,
  );
}
