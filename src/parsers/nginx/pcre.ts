import { type ParsedPcre, type PcreAssertion, type PcreNode, parsePcre } from "./pcre-parse.ts";
import { isWordByte } from "./pcre-set.ts";

/** Instructions of one compiled pattern: `a{1000}` alone has 1,000. */
export const INSTRUCTIONS_MAX = 5_000;
/** Instructions looked at for one match: some 50 ms at most. */
export const STEPS_MAX = 500_000;

/** The same for all patterns tried to select one server or location: some 300 ms at most. */
export const SELECTION_STEPS_MAX = 3_000_000;

/** `undecidable`: the pattern is invalid, or uses what this matcher does not do, or a bound is passed. */
export type PcreResult = "match" | "no" | "undecidable";

/** Work left for several matches that belong together; what a match takes is taken off. */
export interface PcreBudget {
  left: number;
}

/**
 * Whether a PCRE pattern of a configuration matches anywhere in the subject, both taken as UTF-8 bytes
 * as nginx does.
 *
 * The pattern comes from the audited machine, so it is never handed to `RegExp`: all ways through it
 * are followed at once (Thompson, 1968), which no pattern can make exponential.
 */
export function matchPcre(
  pattern: string,
  isCaseless: boolean,
  subject: string,
  budget: PcreBudget = { left: STEPS_MAX },
): PcreResult {
  budget.left -= pattern.length;
  const program = budget.left < 0 ? undefined : compilePcre(pattern, isCaseless)?.instructions;
  if (program === undefined) return "undecidable";
  budget.left -= program.length;
  const steps = Math.min(STEPS_MAX, budget.left);
  const run: PcreRun = { subject: encoder.encode(subject), stepsLeft: steps };
  const isMatch = runProgram(run, program, 0, true, undefined);
  budget.left -= steps - run.stepsLeft;
  if (run.stepsLeft < 0) return "undecidable";
  return isMatch ? "match" : "no";
}

const encoder = new TextEncoder();

/** `jump` names the preferred way first. `save` notes where a group begins (2n) or ends (2n + 1). */
export type Instruction =
  | { readonly kind: "save"; readonly slot: number }
  | { readonly kind: "set"; readonly set: Uint8Array }
  | { readonly kind: "jump"; readonly to: readonly number[] }
  | { readonly kind: "assert"; readonly what: PcreAssertion }
  | {
      readonly kind: "look";
      readonly program: readonly Instruction[];
      readonly isBehind: boolean;
      readonly isNegative: boolean;
    };

/** A pattern ready to run; the end of the instructions is the match. */
export interface CompiledPcre extends ParsedPcre {
  readonly instructions: readonly Instruction[];
}

interface Program {
  readonly instructions: Instruction[];
  /** Shared with the programs of lookarounds. */
  readonly budget: { left: number };
}

/** Programs kept, and how long one may be to be kept: the same few patterns stand in every virtual host. */
const KEPT_MAX = 1_000;
const KEPT_INSTRUCTIONS_MAX = 200;
const kept = new Map<string, CompiledPcre>();

/** `undefined` for what is not supported or passes a bound. */
export function compilePcre(pattern: string, isCaseless: boolean): CompiledPcre | undefined {
  const key = `${isCaseless} ${pattern}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = newProgram(pattern, isCaseless);
  if (made !== undefined && made.instructions.length <= KEPT_INSTRUCTIONS_MAX) {
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(key, made);
  }
  return made;
}

function newProgram(pattern: string, isCaseless: boolean): CompiledPcre | undefined {
  const parsed = parsePcre(encoder.encode(pattern), isCaseless);
  if (parsed === undefined) return undefined;
  const program: Program = { instructions: [], budget: { left: INSTRUCTIONS_MAX } };
  emit(program, parsed.node);
  return program.budget.left < 0 ? undefined : { ...parsed, instructions: program.instructions };
}

function push({ instructions, budget }: Program, instruction: Instruction): number {
  budget.left -= 1;
  if (budget.left >= 0) instructions.push(instruction);
  return instructions.length - 1;
}

function emit(program: Program, node: PcreNode): void {
  if (program.budget.left < 0) return;
  switch (node.kind) {
    case "set":
    case "assert":
      push(program, node);
      return;
    case "sequence":
      for (const part of node.nodes) emit(program, part);
      return;
    case "either":
      emitEither(program, node.nodes);
      return;
    case "repeat":
      emitRepeat(program, node);
      return;
    case "group":
      push(program, { kind: "save", slot: 2 * node.index });
      emit(program, node.node);
      push(program, { kind: "save", slot: 2 * node.index + 1 });
      return;
    case "look": {
      const inner: Program = { instructions: [], budget: program.budget };
      emit(inner, node.node);
      const { isBehind, isNegative } = node;
      push(program, { kind: "look", program: inner.instructions, isBehind, isNegative });
    }
  }
}

function emitEither(program: Program, nodes: readonly PcreNode[]): void {
  const starts: number[] = [];
  const ends: number[][] = [];
  push(program, { kind: "jump", to: starts });
  for (const node of nodes) {
    starts.push(program.instructions.length);
    emit(program, node);
    const to: number[] = [];
    ends.push(to);
    push(program, { kind: "jump", to });
  }
  for (const to of ends) to.push(program.instructions.length);
}

function emitRepeat(
  program: Program,
  { node, min, max, isLazy }: Extract<PcreNode, { kind: "repeat" }>,
): void {
  for (let count = 0; count < min && program.budget.left >= 0; count += 1) {
    // Counted even where there is nothing to emit: `(?:){99999}` inside itself would take for ever.
    program.budget.left -= 1;
    emit(program, node);
  }
  if (max === undefined) {
    const to: number[] = [];
    const loop = push(program, { kind: "jump", to });
    emit(program, node);
    push(program, { kind: "jump", to: [loop] });
    addWays(to, loop + 1, program.instructions.length, isLazy);
    return;
  }
  const skips: { readonly to: number[]; readonly inside: number }[] = [];
  for (let count = min; count < max && program.budget.left >= 0; count += 1) {
    const to: number[] = [];
    skips.push({ to, inside: program.instructions.length + 1 });
    push(program, { kind: "jump", to });
    emit(program, node);
  }
  const end = program.instructions.length;
  for (const { to, inside } of skips) addWays(to, inside, end, isLazy);
}

function addWays(to: number[], inside: number, after: number, isLazy: boolean): void {
  to.push(...(isLazy ? [after, inside] : [inside, after]));
}

/** A subject and the work left. */
export interface PcreRun {
  readonly subject: Uint8Array;
  stepsLeft: number;
}

/**
 * Whether the program matches from `from` (or, when floating, from there or later) and, where
 * `mustEnd` is given, up to exactly there.
 */
function runProgram(
  run: PcreRun,
  program: readonly Instruction[],
  from: number,
  isFloating: boolean,
  mustEnd: number | undefined,
): boolean {
  const last = mustEnd ?? run.subject.length;
  let states: readonly number[] = [0];
  for (let at = from; at <= last && run.stepsLeft >= 0; at += 1) {
    const reached = closure(run, program, states, at);
    if (reached.has(program.length) && (mustEnd ?? at) === at) return true;
    states = taken(program, reached, run.subject[at]);
    if (isFloating) states = [...states, 0];
    if (states.length === 0) return false;
  }
  return false;
}

/** The states behind those that take this byte; none past the end of the subject. */
function taken(
  program: readonly Instruction[],
  reached: ReadonlySet<number>,
  byte: number | undefined,
): readonly number[] {
  if (byte === undefined) return [];
  return [...reached].filter((state) => takes(program[state], byte)).map((state) => state + 1);
}

/** Whether the instruction takes this byte. */
export function takes(instruction: Instruction | undefined, byte: number): boolean {
  return instruction?.kind === "set" && instruction.set[byte] === 1;
}

/** Every state reached from these without taking a byte. */
function closure(
  run: PcreRun,
  program: readonly Instruction[],
  starts: readonly number[],
  at: number,
): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...starts];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (reached.has(state)) continue;
    run.stepsLeft -= 1;
    if (run.stepsLeft < 0) return new Set();
    reached.add(state);
    const instruction = program[state];
    if (instruction?.kind === "jump") open.push(...instruction.to);
    else if (instruction !== undefined && holds(run, instruction, at)) open.push(state + 1);
  }
  return reached;
}

/** Whether the instruction is passed at this place without taking a byte. */
export function holds(
  run: PcreRun,
  instruction: Exclude<Instruction, { kind: "jump" }>,
  at: number,
): boolean {
  switch (instruction.kind) {
    case "set":
      return false;
    case "save":
      return true;
    case "assert":
      return asserts(run.subject, instruction.what, at);
    case "look":
      return looks(run, instruction, at) !== instruction.isNegative;
  }
}

function looks(
  run: PcreRun,
  { program, isBehind }: Extract<Instruction, { kind: "look" }>,
  at: number,
): boolean {
  if (!isBehind) return runProgram(run, program, at, false, undefined);
  for (let from = at; from >= 0 && run.stepsLeft >= 0; from -= 1) {
    if (runProgram(run, program, from, false, at)) return true;
  }
  return false;
}

const NEWLINE = 0x0a;

function asserts(subject: Uint8Array, what: PcreAssertion, at: number): boolean {
  const isLast = at === subject.length;
  const isWord = isWordByte(subject[at - 1]) !== isWordByte(subject[at]);
  switch (what) {
    case "start":
      return at === 0;
    case "end":
      return isLast;
    case "end-or-last-newline":
      return isLast || (at === subject.length - 1 && subject[at] === NEWLINE);
    case "line-start":
      return at === 0 || (!isLast && subject[at - 1] === NEWLINE);
    case "line-end":
      return isLast || subject[at] === NEWLINE;
    case "word-boundary":
      return isWord;
    case "no-word-boundary":
      return !isWord;
  }
}
