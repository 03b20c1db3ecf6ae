import { runSimple } from "./builtins.ts";
import { expandText, type ShellValue } from "./expand.ts";
import type { ShellCaseArm, ShellLink, ShellNode } from "./node.ts";
import { matchesPattern } from "./pattern.ts";
import {
  copyState,
  exportsOf,
  mergeStates,
  type ShellCommand,
  type ShellEnd,
  type ShellFlow,
  type ShellMachine,
  type ShellState,
  scopeOf,
  startState,
} from "./state.ts";
import { parseShell } from "./tree.ts";

export type ShellRun =
  | {
      readonly ok: true;
      readonly commands: readonly ShellCommand[];
      /** Where it hands over: more than one where it is not known which. */
      readonly ends: readonly ShellEnd[];
    }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Nodes of one script that are followed, functions counted at each call. */
export const SHELL_STEPS_MAX = 5_000;
/** Functions that call functions. */
export const SHELL_CALLS_MAX = 16;

/**
 * Follows a script as a shell that is given `positional` would, without running anything: a branch
 * whose condition is known is taken, of all others every one may be.
 */
export function followShell(
  script: string,
  positional: readonly string[] | undefined,
  environment: (name: string) => ShellValue,
): ShellRun {
  const tree = parseShell(script);
  if (!tree.ok) return tree;
  const machine: ShellMachine = {
    state: startState(positional),
    environment,
    functions: new Map(),
    commands: [],
    ends: [],
    steps: 0,
    depth: 0,
  };
  const flow = runList(machine, tree.body);
  if (machine.steps > SHELL_STEPS_MAX) {
    return { ok: false, line: 1, message: `more than ${SHELL_STEPS_MAX} steps` };
  }
  const { last, lastAssignments, isCertain } = machine.state;
  if (flow !== "exec" && (flow !== "exit" || machine.ends.length === 0) && last !== undefined) {
    machine.ends.push({
      ...last,
      isCertain,
      exports: new Map([...exportsOf(machine), ...lastAssignments]),
    });
  }
  return { ok: true, commands: machine.commands, ends: machine.ends };
}

function runList(machine: ShellMachine, nodes: readonly ShellNode[]): ShellFlow {
  for (const node of nodes) {
    const flow = runNode(machine, node);
    if (flow !== "next") return flow;
  }
  return "next";
}

function runNode(machine: ShellMachine, node: ShellNode): ShellFlow {
  machine.steps += 1;
  if (machine.steps > SHELL_STEPS_MAX) return "exit";
  switch (node.kind) {
    case "command":
      return runSimple(machine, node.words, node.line, (name, words) => call(machine, name, words));
    case "chain":
      return runChain(machine, node.links);
    case "not":
      return negate(machine, runNode(machine, node.body));
    case "pipe":
      return runPipe(machine, node.parts);
    case "if":
      return runIf(machine, [...node.arms, { condition: undefined, body: node.otherwise }], 0);
    case "case":
      return runCase(machine, expandText(node.word, scopeOf(machine, node.line)), node.arms);
    case "loop":
      return choose(machine, [() => runList(machine, node.body), () => "next"]);
    case "function":
      machine.functions.set(node.name, node.body);
      return "next";
    case "group":
      return node.isApart ? runApart(machine, node.body) : runList(machine, node.body);
  }
}

function negate(machine: ShellMachine, flow: ShellFlow): ShellFlow {
  const { status } = machine.state;
  machine.state.status = status === undefined ? undefined : !status;
  return flow;
}

/** A subshell and a part of a pipeline keep their variables to themselves; `exit` ends them alone. */
function runApart(machine: ShellMachine, body: readonly ShellNode[]): ShellFlow {
  const before = copyState(machine.state);
  const flow = runList(machine, body);
  const { status, last, lastAssignments } = machine.state;
  machine.state = { ...before, status, last, lastAssignments };
  return flow === "exec" ? "exec" : "next";
}

function runPipe(machine: ShellMachine, parts: readonly ShellNode[]): ShellFlow {
  for (const part of parts) runApart(machine, [part]);
  machine.state.status = undefined;
  return "next";
}

function runChain(machine: ShellMachine, links: readonly ShellLink[]): ShellFlow {
  for (const { operator, node } of links) {
    const flow = runLink(machine, operator, node);
    if (flow !== "next") return flow;
  }
  return "next";
}

function runLink(
  machine: ShellMachine,
  operator: ShellLink["operator"],
  node: ShellNode,
): ShellFlow {
  const { status } = machine.state;
  if (operator === "" || status === (operator === "&&")) return runNode(machine, node);
  if (status !== undefined) return "next";
  const flow = choose(machine, [() => runNode(machine, node), () => "next"]);
  machine.state.status = undefined;
  return flow;
}

interface Arm {
  readonly condition: readonly ShellNode[] | undefined;
  readonly body: readonly ShellNode[];
}

function runIf(machine: ShellMachine, arms: readonly Arm[], at: number): ShellFlow {
  const arm = arms[at];
  if (arm === undefined) return "next";
  if (arm.condition === undefined) return runList(machine, arm.body);
  const flow = runList(machine, arm.condition);
  if (flow !== "next") return flow;
  const { status } = machine.state;
  if (status === true) return runList(machine, arm.body);
  if (status === false) return runIf(machine, arms, at + 1);
  return choose(machine, [() => runList(machine, arm.body), () => runIf(machine, arms, at + 1)]);
}

function runCase(
  machine: ShellMachine,
  text: string | undefined,
  arms: readonly ShellCaseArm[],
): ShellFlow {
  const possible: (() => ShellFlow)[] = [];
  for (const [at, { patterns }] of arms.entries()) {
    const scope = scopeOf(machine, 1);
    const answers = patterns.map((raw) =>
      raw === "*" ? true : text === undefined ? undefined : matchesPattern(text, raw, scope),
    );
    const isTaken = answers.includes(true);
    if (isTaken || answers.includes(undefined)) possible.push(() => runArms(machine, arms, at));
    if (!isTaken) continue;
    const [only] = possible;
    return possible.length === 1 && only !== undefined ? only() : choose(machine, possible);
  }
  if (possible.length === 0) return "next";
  return choose(machine, [...possible, () => "next"]);
}

/** The arm, and those it falls through to. */
function runArms(machine: ShellMachine, arms: readonly ShellCaseArm[], start: number): ShellFlow {
  for (const { body, falls } of arms.slice(start)) {
    const flow = runList(machine, body);
    if (flow !== "next" || !falls) return flow;
  }
  return "next";
}

/**
 * Each of these may be what happens. A path that ends the script with `exit` starts nothing: what
 * starts came by the others.
 */
function choose(machine: ShellMachine, paths: readonly (() => ShellFlow)[]): ShellFlow {
  const before = machine.state;
  const left: ShellState[] = [];
  const flows = paths.map((path) => {
    machine.state = { ...copyState(before), isCertain: false };
    const flow = path();
    if (flow === "next") left.push(machine.state);
    return flow;
  });
  const [first, ...others] = left;
  if (first === undefined) {
    machine.state = before;
    return flows.find((flow) => flow !== "exit") ?? "exit";
  }
  const isSure = before.isCertain && flows.every((flow) => flow === "next" || flow === "exit");
  machine.state = { ...mergeStates([first, ...others]), isCertain: isSure };
  return "next";
}

function call(
  machine: ShellMachine,
  name: string,
  words: readonly string[],
): ShellFlow | undefined {
  const body = machine.functions.get(name);
  if (body === undefined || machine.depth >= SHELL_CALLS_MAX) return undefined;
  const { positional } = machine.state;
  machine.state.positional = words;
  machine.depth += 1;
  const flow = runList(machine, body);
  machine.depth -= 1;
  machine.state.positional = positional;
  return flow === "return" ? "next" : flow;
}
