import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one run of a program cost. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of the program and all it waited for, in steps of 10 ms (clock ticks). */
  readonly cpuMs: number;
  /** Peak resident set of the program itself, KiB, as last seen before it ended (read every 4 ms). */
  readonly peakKib: number;
  readonly exit: number | null;
}

const TICK_MS = 10;
const POLL_MS = 4;

/** Runs a program to its end and measures it; its output goes nowhere. */
export async function measure(program: string, args: readonly string[], cwd = "."): Promise<Cost> {
  const cpuBefore = childrenCpuMs();
  const start = performance.now();
  const child = spawn(program, [...args], { cwd, stdio: "ignore" });
  let peakKib = 0;
  const poll = setInterval(() => {
    peakKib = Math.max(peakKib, peakOf(child.pid));
  }, POLL_MS);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", resolve);
  const exit = await promise;
  clearInterval(poll);
  return { wallMs: performance.now() - start, cpuMs: childrenCpuMs() - cpuBefore, peakKib, exit };
}

/** Times of ended children, from /proc/self/stat: cutime and cstime. */
function childrenCpuMs(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(
      /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0,
    );
  } catch {
    return 0; // Ended in between.
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs two programs in turn, so that whatever else the machine does hits both. */
export async function pair(
  times: number,
  one: () => Promise<Cost>,
  other: () => Promise<Cost>,
): Promise<readonly [readonly Cost[], readonly Cost[]]> {
  const first: Cost[] = [];
  const second: Cost[] = [];
  for (let round = 0; round < times; round++) {
    first.push(await one());
    second.push(await other());
  }
  return [first, second];
}

export function show(name: string, costs: readonly Cost[]): string {
  const wall = costs.map(({ wallMs }) => wallMs);
  const cpu = costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / costs.length;
  const peak = Math.max(...costs.map(({ peakKib }) => peakKib)) / 1024;
  return `${name.padEnd(46)} wall median ${median(wall).toFixed(0)} min ${Math.min(...wall).toFixed(0)} ms  CPU mean ${cpu.toFixed(0)} ms  peak ${peak.toFixed(0)} MiB`;
}
