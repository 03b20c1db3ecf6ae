import type { ShellScope, ShellValue } from "./expand.ts";
import type { ShellNode } from "./node.ts";

/** A variable that the script itself has set. */
export interface ShellVariable {
  readonly value: ShellValue;
  /** 1-based, of the assignment. */
  readonly line: number;
  /** The script sourced or evaluated something afterwards, which may have set it again. */
  readonly isEarly?: boolean;
}

/** A command that the script runs, or may run. */
export interface ShellCommand {
  /** Its words; those that are not known as written. */
  readonly words: readonly string[];
  readonly line: number;
  /** Every path through the script comes by here. */
  readonly isCertain: boolean;
}

/** Where the script hands over: at an `exec`, or at its end after the last command. */
export interface ShellEnd extends ShellCommand {
  /** What it has exported by then: of variables whose value is not known the place alone. */
  readonly exports: ReadonlyMap<string, ShellVariable>;
}

/** How a path goes on behind a node. `exec`: the script is gone, another program has its place. */
export type ShellFlow = "next" | "return" | "exit" | "exec";

/** One path through the script. */
export interface ShellState {
  variables: Map<string, ShellVariable>;
  exported: Set<string>;
  positional: readonly string[] | undefined;
  isCertain: boolean;
  /** It has sourced or evaluated what is not read here: what it did not set itself is not known. */
  isOpaque: boolean;
  /** `set -a`. */
  isExportingAll: boolean;
  /** Of the last command; `undefined` where it is not known. */
  status: boolean | undefined;
  last: ShellCommand | undefined;
  /** `A=1` before it. */
  lastAssignments: ReadonlyMap<string, ShellVariable>;
}

/** One run, shared by all of its paths. */
export interface ShellMachine {
  state: ShellState;
  readonly environment: (name: string) => ShellValue;
  readonly functions: Map<string, readonly ShellNode[]>;
  readonly commands: ShellCommand[];
  readonly ends: ShellEnd[];
  steps: number;
  depth: number;
}

export function startState(positional: readonly string[] | undefined): ShellState {
  return {
    variables: new Map(),
    exported: new Set(),
    positional,
    isCertain: true,
    isOpaque: false,
    isExportingAll: false,
    status: true,
    last: undefined,
    lastAssignments: new Map(),
  };
}

export function copyState(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    exported: new Set(state.exported),
  };
}

/** One state for several paths: what they do not agree on is not known. */
export function mergeStates(states: readonly [ShellState, ...ShellState[]]): ShellState {
  const [first, ...others] = states;
  const names = new Set(states.flatMap(({ variables }) => [...variables.keys()]));
  const variables = new Map([...names].map((name) => [name, mergeVariable(states, name)]));
  const arguments_ = first.positional?.join("\0");
  const lastRun = states.findLast(({ last }) => last !== undefined);
  const isSame = others.every(({ positional }) => positional?.join("\0") === arguments_);
  return {
    variables,
    exported: new Set(states.flatMap(({ exported }) => [...exported])),
    positional: isSame ? first.positional : undefined,
    isCertain: states.every(({ isCertain }) => isCertain),
    isOpaque: states.some(({ isOpaque }) => isOpaque),
    isExportingAll: states.some(({ isExportingAll }) => isExportingAll),
    status: others.every(({ status }) => status === first.status) ? first.status : undefined,
    last: lastRun?.last,
    lastAssignments: lastRun?.lastAssignments ?? new Map(),
  };
}

function mergeVariable(states: readonly ShellState[], name: string): ShellVariable {
  const found = states.map(({ variables }) => variables.get(name));
  const line = found.find((each) => each !== undefined)?.line ?? 1;
  const [first] = found;
  const isSame = found.every(
    (each) => first !== undefined && each !== undefined && isEqual(each.value, first.value),
  );
  const value = isSame && first !== undefined ? first.value : { state: "unknown" as const };
  return { value, line, ...(found.some((each) => each?.isEarly) ? { isEarly: true } : {}) };
}

function isEqual(a: ShellValue, b: ShellValue): boolean {
  if (a.state === "set") return b.state === "set" && a.text === b.text;
  return a.state === "unset" && b.state === "unset";
}

/** The scope of the current path; what is set by an expansion stands at `line`. */
export function scopeOf(machine: ShellMachine, line: number): ShellScope {
  const { state } = machine;
  return {
    positional: state.positional,
    lookUp: (name) => state.variables.get(name)?.value ?? inherited(machine, name),
    assign: (name, text) => setVariable(machine, name, { state: "set", text }, line),
  };
}

function inherited({ state, environment }: ShellMachine, name: string): ShellValue {
  const value = environment(name);
  // What it sourced may have set any other.
  return state.isOpaque ? { state: "unknown" } : value;
}

/** A variable that came with the environment is exported when it is changed (XCU 2.5.3). */
export function setVariable(
  { state, environment }: ShellMachine,
  name: string,
  value: ShellValue,
  line: number,
): void {
  state.variables.set(name, { value, line });
  if (state.isExportingAll || environment(name).state !== "unset") state.exported.add(name);
}

/** What is sourced or evaluated here is not read: it may set any variable. */
export function becomeOpaque({ state }: ShellMachine): void {
  state.isOpaque = true;
  for (const [name, variable] of state.variables) {
    state.variables.set(name, { ...variable, isEarly: true });
  }
}

/** What the current path hands to a program. */
export function exportsOf({ state }: ShellMachine): ReadonlyMap<string, ShellVariable> {
  return new Map(
    [...state.exported].flatMap((name) => {
      const variable = state.variables.get(name);
      return variable === undefined ? [] : [[name, variable] as const];
    }),
  );
}
