/**
 * `bin/node bench/tls.ts`: plimsoll tls beside sslscan and testssl.sh, on the same servers in the same run, then
 * `--targets`. It starts its own servers; PLIMSOLL_TLS_LAB names the list (JSON: name, port) of a started lab instead.
 *
 * --times N      runs of plimsoll and of sslscan, in pairs (default 5)
 * --testssl N    runs of testssl.sh, which take minutes; 0 leaves it out (default 1)
 * --targets N,N  how many targets, each in a run of its own (default 200)
 * --rtt MS       the server `old` over a line of this round trip, once for each program; 0 leaves it out (default 50)
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs, promisify } from "node:util";

import { createForwarder } from "./forwarder.ts";
import { type Cost, measure, median, pair } from "./measure.ts";
import { type BenchServer, COMPARED, startServers } from "./tls-servers.ts";

/** What is compared: how it is called, and how many suites its output lists. */
interface Program {
  readonly name: string;
  readonly path: string;
  readonly args: (port: number) => readonly string[];
  readonly countSuites: (output: string) => number | undefined;
}

const executable = join(dirname(import.meta.dirname), "dist/plimsoll");
const PLIMSOLL: Program = {
  name: "plimsoll tls",
  path: executable,
  args: (port) => ["tls", `127.0.0.1:${port}`, "--json"],
  countSuites: (output) => {
    const report: { tls: readonly { suites: Record<string, readonly string[]> }[] } =
      JSON.parse(output);
    return report.tls.flatMap(({ suites }) => Object.values(suites).flat()).length;
  },
};
const SSLSCAN: Program = {
  name: "sslscan",
  path: "/usr/bin/sslscan",
  args: (port) => ["--no-colour", `127.0.0.1:${port}`],
  countSuites: (output) => output.match(/^(?:Preferred|Accepted) /gm)?.length ?? 0,
};
const TESTSSL: Program = {
  name: "testssl.sh",
  path: "/usr/bin/testssl",
  args: (port) => ["--warnings", "batch", "--color", "0", `127.0.0.1:${port}`],
  countSuites: () => undefined,
};
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "5" },
    testssl: { type: "string", default: "1" },
    targets: { type: "string", default: "200" },
    rtt: { type: "string", default: "50" },
  },
});

if (!existsSync(executable)) {
  console.error('run "npm run build" first');
  process.exit(64);
}
for (const { name, path } of [SSLSCAN, TESTSSL]) {
  if (!existsSync(path)) console.error(`left out: ${name} is not installed`);
}
const lab = process.env["PLIMSOLL_TLS_LAB"];
const { servers, close } = lab === undefined ? await startServers() : startedLab(lab);
const cores = readFileSync("/proc/cpuinfo", "utf8").match(/^processor/gm)?.length;
console.log(`${cores} cores, load ${loadavg()[0]?.toFixed(1)} at the start\n`);
try {
  await compare();
  await slowLine(Number(values.rtt));
  await manyTargets(values.targets.split(",").map(Number));
} finally {
  await close();
}
process.exit(0);

function startedLab(path: string) {
  const all: readonly BenchServer[] = JSON.parse(readFileSync(path, "utf8"));
  const found = all.filter(({ name }) => COMPARED.includes(name));
  return { servers: found, close: () => Promise.resolve() };
}

async function compare(): Promise<void> {
  console.log(
    "| server | program | runs | wall | CPU | connections | suites found | wall, times plimsoll's |",
  );
  console.log("|---|---|---|---|---|---|---|---|");
  for (const server of servers) {
    const run = (program: Program) => () => measure(program.path, program.args(server.port));
    const times = Number(values.times);
    if (!existsSync(SSLSCAN.path)) {
      await row(server, PLIMSOLL, await several(times, run(PLIMSOLL)), undefined);
      continue;
    }
    const [ours, peer] = await pair(times, run(PLIMSOLL), run(SSLSCAN));
    await row(server, PLIMSOLL, ours, undefined);
    await row(server, SSLSCAN, peer, ours);
    const slow = existsSync(TESTSSL.path) ? Number(values.testssl) : 0;
    if (slow > 0) await row(server, TESTSSL, await several(slow, run(TESTSSL)), ours);
  }
}

async function several(times: number, run: () => Promise<Cost>): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (let time = 0; time < times; time++) costs.push(await run());
  return costs;
}

async function row(
  { name, port }: BenchServer,
  program: Program,
  costs: readonly Cost[],
  ours: readonly Cost[] | undefined,
): Promise<void> {
  const wall = medianOf(costs, "wallMs");
  const { connections, openMax, suites } = await counted(program, port);
  const factor = ours === undefined ? "" : (wall / medianOf(ours, "wallMs")).toFixed(1);
  console.log(
    `| ${name} | ${program.name} | ${costs.length} | ${seconds(wall)} | ${seconds(medianOf(costs, "cpuMs"))} | ${connections}, ${openMax} at once | ${suites ?? ""} | ${factor} |`,
  );
}

/** One more run, whose time does not count, through a port that counts. testssl.sh would take minutes again. */
async function counted(program: Program, port: number) {
  if (program === TESTSSL) return { connections: "", openMax: 1, suites: undefined };
  const forwarder = await createForwarder(port);
  const output = await outputOf(program, forwarder.port);
  forwarder.close();
  const { connections, openMax } = forwarder;
  return { connections, openMax, suites: program.countSuites(output) };
}

async function outputOf(program: Program, port: number): Promise<string> {
  try {
    const ended = await promisify(execFile)(program.path, [...program.args(port)], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return ended.stdout;
  } catch (error) {
    // A scan that finds something wrong says so by its exit code.
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}

async function slowLine(rttMs: number): Promise<void> {
  const old = servers.find(({ name }) => name === "old");
  if (old === undefined || rttMs <= 0) return;
  console.log(`\n"old" over a line of ${rttMs} ms round trip, once each:`);
  for (const { name, path, args } of [PLIMSOLL, SSLSCAN].filter((each) => existsSync(each.path))) {
    const forwarder = await createForwarder(old.port, rttMs);
    const { wallMs } = await measure(path, args(forwarder.port));
    forwarder.close();
    console.log(`  ${name}: ${seconds(wallMs)}, ${forwarder.connections} connections`);
  }
}

/** `--targets`: throughput, and how memory grows with their number. */
async function manyTargets(counts: readonly number[]): Promise<void> {
  const fast = servers.filter(({ name }) => name !== "ssl3-rc4-export");
  if (fast.length === 0) return;
  console.log(
    "\n| targets | wall | CPU | targets per second of CPU | peak memory |\n|---|---|---|---|---|",
  );
  const scratch = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
  for (const count of counts) {
    const file = join(scratch, `${count}.txt`);
    const lines = Array.from(
      { length: count },
      (_, at) => `127.0.0.1:${fast[at % fast.length]?.port}`,
    );
    writeFileSync(file, `${lines.join("\n")}\n`);
    const { wallMs, cpuMs, peakKib } = await measure(executable, ["tls", "--targets", file]);
    const rate = ((count / cpuMs) * 1_000).toFixed(1);
    console.log(
      `| ${count} | ${seconds(wallMs)} | ${seconds(cpuMs)} | ${rate} | ${(peakKib / 1024).toFixed(0)} MiB |`,
    );
  }
  rmSync(scratch, { recursive: true, force: true });
}

function medianOf(costs: readonly Cost[], what: "wallMs" | "cpuMs"): number {
  return median(costs.map((cost) => cost[what]));
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
