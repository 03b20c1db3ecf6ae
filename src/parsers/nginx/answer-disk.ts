import type { Run } from "./answer-run.ts";
import { positionOf } from "./answer-run.ts";
import type { AnswerText } from "./answer-text.ts";
import type { NginxPosition } from "./tokenize.ts";

/** What is known, or was taken for granted, of a path on the disk. */
export interface DiskKnowledge {
  readonly is?: "file" | "directory" | "missing";
  readonly isNot: ReadonlySet<string>;
}

/** What is at this path, as far as it is known by now. */
export function knownOnDisk(run: Run, path: AnswerText): DiskKnowledge {
  const taken = run.diskKnowledge.get(path.text);
  if (taken !== undefined) return taken;
  const found = path.isKnown ? run.disk(path.text) : undefined;
  return found === undefined ? { isNot: new Set() } : { is: found, isNot: new Set() };
}

/** Whether a file or a folder is there; both ways are taken where it is not known, each kept to. */
export function isOnDisk(
  run: Run,
  path: AnswerText,
  wanted: "file" | "directory",
  at: NginxPosition,
): boolean {
  const before = knownOnDisk(run, path);
  if (before.is !== undefined) return before.is === wanted;
  if (before.isNot.has(wanted)) return false;
  const about = `${path.text} is a ${wanted}`;
  const because = "the disk decides it";
  const isIt = run.choose({ about, because, at: positionOf(at), ways: ["yes", "no"] }) === 0;
  const isNot = new Set([...before.isNot, wanted]);
  run.diskKnowledge.set(path.text, isIt ? { is: wanted, isNot } : { isNot });
  return isIt;
}
