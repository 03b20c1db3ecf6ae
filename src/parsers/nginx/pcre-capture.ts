import {
  type CompiledPcre,
  compilePcre,
  holds,
  type Instruction,
  type PcreBudget,
  type PcreRun,
  STEPS_MAX,
  takes,
} from "./pcre.ts";
import type { PcreNode } from "./pcre-parse.ts";

/** What a pattern took of a subject. */
export type PcreCapture =
  | {
      readonly state: "match";
      /**
       * The groups by number from 1, at index 0 the whole match; `undefined` for one that took no part.
       * The list itself is `undefined` where the match is certain and what it captures is not.
       */
      readonly groups: readonly (string | undefined)[] | undefined;
      /** Numbers of the named groups. */
      readonly names: ReadonlyMap<string, number>;
    }
  | { readonly state: "no" }
  | { readonly state: "undecidable" };

/**
 * As `matchPcre`, with what the groups capture: all ways are followed at once in the order Perl would
 * try them (Pike's machine, Cox 2009), so the first to end is the one PCRE finds. Groups in lookarounds,
 * and all groups of a pattern that repeats what may be empty, depend on how PCRE goes about it: open.
 */
export function capturePcre(
  pattern: string,
  isCaseless: boolean,
  subject: string,
  budget: PcreBudget = { left: STEPS_MAX },
): PcreCapture {
  budget.left -= pattern.length;
  const program = budget.left < 0 ? undefined : compilePcre(pattern, isCaseless);
  if (program === undefined) return { state: "undecidable" };
  const steps = Math.min(STEPS_MAX, budget.left);
  const run: PcreRun = { subject: encoder.encode(subject), stepsLeft: steps };
  const slots = firstMatch(run, program.instructions);
  budget.left -= steps - run.stepsLeft;
  if (run.stepsLeft < 0) return { state: "undecidable" };
  if (slots === undefined) return { state: "no" };
  const { names } = program;
  return { state: "match", groups: groupsOf(run, program, slots), names };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function groupsOf(
  { subject }: PcreRun,
  { node, groups }: CompiledPcre,
  slots: readonly number[],
): readonly (string | undefined)[] | undefined {
  if (groups > 0 && isOpen(node)) return undefined;
  return Array.from({ length: groups + 1 }, (_, index) => {
    const from = slots[2 * index];
    const to = slots[2 * index + 1];
    return from === undefined || to === undefined
      ? undefined
      : decoder.decode(subject.subarray(from, to));
  });
}

/** Whether what the groups hold depends on how PCRE goes about it. */
function isOpen(node: PcreNode): boolean {
  switch (node.kind) {
    case "set":
    case "assert":
      return false;
    case "group":
      return isOpen(node.node);
    case "sequence":
    case "either":
      return node.nodes.some(isOpen);
    case "repeat":
      if (node.max === undefined && isNullable(node.node)) return true;
      return isOpen(node.node);
    case "look":
      return hasGroup(node.node);
  }
}

function hasGroup(node: PcreNode): boolean {
  switch (node.kind) {
    case "set":
    case "assert":
      return false;
    case "group":
      return true;
    case "sequence":
    case "either":
      return node.nodes.some(hasGroup);
    case "repeat":
    case "look":
      return hasGroup(node.node);
  }
}

/** Whether it may match without taking a byte. */
function isNullable(node: PcreNode): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "assert":
    case "look":
      return true;
    case "group":
      return isNullable(node.node);
    case "sequence":
      return node.nodes.every(isNullable);
    case "either":
      return node.nodes.some(isNullable);
    case "repeat":
      return node.min === 0 || isNullable(node.node);
  }
}

/** One way through the pattern, and where groups began and ended on it (slots 0 and 1: the match). */
interface Thread {
  readonly state: number;
  readonly slots: readonly number[];
}

function firstMatch(run: PcreRun, program: readonly Instruction[]): readonly number[] | undefined {
  let best: readonly number[] | undefined;
  let threads: readonly Thread[] = [];
  for (let at = 0; at <= run.subject.length; at += 1) {
    const starts = best === undefined ? [...threads, { state: 0, slots: [at] }] : threads;
    if (starts.length === 0 || run.stepsLeft < 0) break;
    const reached = follow(run, program, starts, at);
    if (reached.match !== undefined) best = reached.match;
    const byte = run.subject[at];
    threads =
      byte === undefined
        ? []
        : reached.threads
            .filter(({ state }) => takes(program[state], byte))
            .map(({ state, slots }) => ({ state: state + 1, slots }));
  }
  return best;
}

/** The threads that wait for a byte, best first; those after a finished one are given up. */
function follow(
  run: PcreRun,
  program: readonly Instruction[],
  starts: readonly Thread[],
  at: number,
): { readonly threads: readonly Thread[]; readonly match?: readonly number[] } {
  const seen = new Set<number>();
  const threads: Thread[] = [];
  const open = starts.toReversed();
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    const { state, slots } = thread;
    if (seen.has(state)) continue;
    run.stepsLeft -= 1 + slots.length / SLOTS_PER_STEP;
    if (run.stepsLeft < 0) return { threads: [] };
    seen.add(state);
    const instruction = program[state];
    if (instruction === undefined) return { threads, match: withSlot(slots, 1, at) };
    if (instruction.kind === "set") threads.push(thread);
    else open.push(...nextThreads(run, instruction, thread, at).toReversed());
  }
  return { threads };
}

/** Copying this many slots costs about as much as a step. */
const SLOTS_PER_STEP = 16;

function nextThreads(
  run: PcreRun,
  instruction: Instruction,
  { state, slots }: Thread,
  at: number,
): readonly Thread[] {
  switch (instruction.kind) {
    case "jump":
      return instruction.to.map((to) => ({ state: to, slots }));
    case "save":
      return [{ state: state + 1, slots: withSlot(slots, instruction.slot, at) }];
    default:
      return holds(run, instruction, at) ? [{ state: state + 1, slots }] : [];
  }
}

function withSlot(slots: readonly number[], slot: number, at: number): readonly number[] {
  const copy = slots.slice();
  copy[slot] = at;
  return copy;
}
