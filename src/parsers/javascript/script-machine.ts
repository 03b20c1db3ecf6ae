import type { VariableState } from "../python/machine.ts";
import type { ScriptScope } from "./scopes.ts";
import type { ScriptModule } from "./script-module.ts";
import { type ScriptMember, type ScriptValue, scriptUnknown } from "./script-value.ts";
import { placeOf, type ScriptPlace, type SyntaxNode } from "./syntax.ts";

/** Expressions evaluated for one question; what takes more is not known. */
export const STEPS_MAX = 20_000;
/** Expressions evaluated for one deployment. */
export const TOTAL_STEPS_MAX = 600_000;
/** Evaluations within evaluations. */
export const DEPTH_MAX = 160;

/** Files of the project as an evaluation asks for them. */
export interface ScriptFiles {
  moduleOf(file: string): ScriptModule | undefined;
  /** The file of the project that a specifier means; `undefined` for packages. */
  resolve(from: string, specifier: string): string | undefined;
  /** Files of settings that the program loads at run time, as the objects they become. */
  readonly settings?: readonly ScriptValue[];
}

/** Evaluates expressions of the project's files. */
export interface ScriptMachine {
  readonly files: ScriptFiles;
  readonly variable: (name: string) => VariableState;
  /** Arguments of the project's functions that are being evaluated. */
  readonly frames: Frame[];
  /** What `this` is in the class that is being evaluated. */
  readonly selves: Map<string, ScriptMember>[];
  readonly active: Set<SyntaxNode>;
  readonly memo: Map<SyntaxNode, ScriptValue>;
  /** Of the question at hand. */
  steps: number;
  total: number;
  depth: number;
  evaluate(node: SyntaxNode, scope: ScriptScope): ScriptValue;
}

export interface Frame {
  readonly owner: SyntaxNode;
  readonly values: readonly ScriptValue[];
}

/** Runs one evaluation within the limits; what leads back to itself is not known. */
export function guarded(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
  run: () => ScriptValue,
): ScriptValue {
  const isFree = isIndependent(machine, scope);
  const known = isFree ? machine.memo.get(node) : undefined;
  if (known !== undefined) return known;
  if (machine.depth === 0) machine.steps = 0;
  machine.steps += 1;
  machine.total += 1;
  if (machine.steps > STEPS_MAX || machine.total > TOTAL_STEPS_MAX || machine.depth > DEPTH_MAX)
    return scriptUnknown("it takes more steps than are followed");
  if (machine.active.has(node)) return scriptUnknown("it depends on itself");
  machine.active.add(node);
  machine.depth += 1;
  const value = run();
  machine.depth -= 1;
  machine.active.delete(node);
  if (isFree) machine.memo.set(node, value);
  return value;
}

/** Whether the value is the same whoever asks: no argument and no `this` of a running function is in it. */
function isIndependent({ frames, selves }: ScriptMachine, scope: ScriptScope): boolean {
  if (frames.length === 0 && selves.length === 0) return true;
  for (let at: ScriptScope | undefined = scope; at !== undefined; at = at.parent) {
    const { owner } = at;
    if (owner === undefined) continue;
    if (selves.length > 0 || frames.some((frame) => frame.owner === owner)) return false;
  }
  return true;
}

/** The value with a place of its own: that of `node`. */
export function placed(value: ScriptValue, node: SyntaxNode, { file }: ScriptScope): ScriptValue {
  return { ...value, place: placeOf(node, file) };
}

export function hereOf(node: SyntaxNode, { file }: ScriptScope): ScriptPlace {
  return placeOf(node, file);
}
