import { setFlagsFromString } from "node:v8";
import { EXIT } from "../core/report.ts";

/**
 * Targets scanned at once. Each has at most 5 connections open, so that all have their places among the host's
 * `SOCKETS_MAX`; more would not be faster, as one thread does the work.
 */
export const TARGETS_AT_ONCE = 6;

/** One target's line and what it means for the exit code. */
export interface TargetLine {
  readonly line: string;
  readonly exitCode: number;
}

/**
 * One line a target as soon as it is done; the worst exit code of all. Nothing of a target is kept once its line is
 * out, and nobody scans on while the reader of the lines is behind: memory does not grow with their number. `scan`
 * answers `undefined` for a target that was cut short, which has no line and makes the run incomplete; so does
 * `write` that answers false, as nobody reads any more.
 */
export async function streamLines<T>(
  targets: readonly T[],
  scan: (target: T) => Promise<TargetLine | undefined>,
  write: (text: string) => Promise<boolean>,
): Promise<number> {
  const rest = targets.values();
  let worst: number = EXIT.ok;
  let isCut = false;
  // All workers take from one iterator, so that each target is scanned once.
  const work = async () => {
    for (const target of rest) {
      const done = isCut ? undefined : await scan(target);
      if (done === undefined || !(await write(`${done.line}\n`))) {
        isCut = true;
        return;
      }
      worst = Math.max(worst, done.exitCode);
    }
  };
  await Promise.all(Array.from({ length: Math.min(TARGETS_AT_ONCE, targets.length) }, work));
  return isCut ? EXIT.incomplete : worst;
}

/**
 * V8 lets the space for young objects grow to 128 MB on a machine with much memory, and it would be full of garbage
 * of scans long done. Kept as small as it begins, a run over thousands of servers takes half the memory and no
 * more CPU (measured).
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * For a run of about a second: the middle tier of V8's compilers makes code that is hardly run before it is over, and
 * young objects collected by several threads cost more than they save. A seventh less CPU (measured).
 */
export function compileForShortRun(): void {
  setFlagsFromString("--no-maglev");
  setFlagsFromString("--no-parallel-scavenge");
}

/** What the old space may grow by before it is collected, in percent of what lives in it; V8 would let it grow fourfold. */
const OLD_SPACE_GROWTH_PERCENT = 50;

/** For runs over many targets, whose reports live just long enough to be taken for old. */
export function keepOldSpaceSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${OLD_SPACE_GROWTH_PERCENT}`);
}
