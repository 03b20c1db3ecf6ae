import type { Expression, Module, Place, Statement } from "./syntax.ts";
import type {
  Binding,
  CallArguments,
  ConfigEntry,
  IniSections,
  Origin,
  Scope,
  Value,
} from "./value.ts";

/** What the environment says of a variable. */
export type VariableState =
  | { readonly state: "set"; readonly text: string }
  | { readonly state: "unset" }
  | { readonly state: "unknown"; readonly reason: string };

/** The project around the file that is evaluated. Everything is loaded beforehand: no I/O here. */
export interface Project {
  /** File of an import, seen from `file`; `undefined` when it is not in the project. */
  resolve(file: string, level: number, path: string): string | undefined;
  /** `undefined` when the file could not be read or parsed. */
  module(file: string): Module | undefined;
  /** Whether a path below the audited directory exists; `undefined` for paths outside it. */
  exists(path: string): boolean | undefined;
  /** Text of a file that is no module and is read by the program; `undefined` where it was not read. */
  document?(file: string): string | undefined;
  variable(name: string): VariableState;
  /** Value of `django.conf.settings.NAME`, when it is known. */
  setting(name: string): Value | undefined;
}

/** A call of something outside the project. */
export interface CallRecord {
  readonly path: string;
  readonly call: CallArguments;
  /** Of the result, which `stores` refer to; of the receiver, for a method. */
  readonly id: number;
  readonly receiver: number | undefined;
  readonly file: string;
  readonly place: Place;
  /** Under `if __name__ == "__main__"`. */
  readonly isUnderMain: boolean;
  /** It only runs under this, of which it is not known whether it holds. */
  readonly condition?: string;
}

/** `app.debug = True`, `app.config["DEBUG"] = True` on an object from outside the project. */
export interface StoreRecord {
  readonly receiver: number;
  readonly path: string;
  readonly key: string;
  readonly value: Value;
  readonly file: string;
  readonly place: Place;
  readonly isUnderMain: boolean;
  /** As of a call. */
  readonly condition?: string;
}

export interface Raised {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** How a statement ended. */
export type Flow =
  | { readonly kind: "normal" }
  | { readonly kind: "return"; readonly value: Value }
  | {
      readonly kind: "raise";
      readonly exception: string;
      readonly reason: string;
      readonly line: number;
      /** What the exception depends on. */
      readonly origin: Origin;
      /** Names the deciding conditions stand on. */
      readonly names: readonly string[];
    }
  | { readonly kind: "break" | "continue" };

export const NORMAL: Flow = { kind: "normal" };

/** One evaluation of one program. */
export interface Machine {
  readonly project: Project;
  /** Set by the program itself (`os.environ.setdefault`). */
  overlay: Map<string, Value>;
  readonly modules: Map<string, Scope | "loading">;
  readonly calls: CallRecord[];
  readonly stores: StoreRecord[];
  readonly raised: Raised[];
  readonly problems: { readonly file: string; readonly line?: number; readonly detail: string }[];
  /** Functions whose body has run, so that the others can be looked through afterwards. */
  readonly called: Set<unknown>;
  /** Conditions under which the current statement runs. */
  conditions: Origin[];
  /** Conditions around the current statement of which it is not known whether they hold, as written. */
  uncertain: readonly string[];
  /** Values returned by branches that may or may not be taken, innermost call last. */
  readonly maybeReturned: Value[][];
  steps: number;
  depth: number;
  /** How many `if` and loop bodies stand around the current statement. */
  branchDepth: number;
  /** How many `if __name__ == "__main__"` stand around the current statement. */
  mainDepth: number;
  /** The file a launcher may run or import: what stands under `__main__` is looked at as well. */
  readonly entryFile: string | undefined;
  /** `from X import *` of modules that were not read: they may set any name. */
  readonly openImports: { readonly file: string; readonly line: number; readonly path: string }[];
  /** Within a `try`: an exception ends the block instead of being noted. */
  tryDepth: number;
  /** `config` of each Flask application, by the number of the application. */
  readonly configs: Map<number, Map<string, ConfigEntry>>;
  /** What may set keys of them and was not read. */
  readonly hiddenConfig: {
    readonly file: string;
    readonly line: number;
    readonly detail: string;
  }[];
  /** What each `ConfigParser` has read, by its number. */
  readonly inis: Map<number, IniSections>;
  /** The files they were read from. */
  readonly iniFiles: Set<string>;
  /** Paths of files that the program has opened for writing: they are there from then on. */
  readonly written: Set<string>;
  /** Modules named by text that the program asked for and that were not parsed beforehand. */
  readonly wanted: Set<string>;
  nextId: number;
  evaluate(expression: Expression, scope: Scope): Value;
  execute(body: readonly Statement[], scope: Scope): Flow;
  call(callee: Value, call: CallArguments, site: CallSite): Value;
  load(file: string): Scope | undefined;
}

export interface CallSite {
  readonly scope: Scope;
  readonly place: Place;
}

/** Bounds of one evaluation; beyond them values are unknown. */
export const STEPS_MAX = 60_000;
export const CALL_DEPTH_MAX = 24;
export const ITERATIONS_MAX = 512;
/** Longest text and list that is worked out. */
export const TEXT_LENGTH_MAX = 16_384;
export const LIST_LENGTH_MAX = 1_024;
export const RECORDS_MAX = 4_000;

export function isExhausted(machine: Machine): boolean {
  return machine.steps > STEPS_MAX;
}

/** The innermost condition that may keep what is recorded from running. */
export function uncertainty({ uncertain }: Machine): { readonly condition?: string } {
  const condition = uncertain.at(-1);
  return condition === undefined ? {} : { condition };
}

/** The scope in which a name is bound, from the inside out. */
export function scopeOf(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
    if (at.bindings.has(name)) return at;
  return undefined;
}

export function lookUp(scope: Scope, name: string): Binding | undefined {
  return scopeOf(scope, name)?.bindings.get(name);
}

/** The source text of a place without what stands in quotes: it may be a secret. */
export function conditionAt(scope: Scope, place: Place): string {
  const words = withoutLiterals(wordsAt(scope, place));
  return words.length > CONDITION_LENGTH_MAX ? `${words.slice(0, CONDITION_LENGTH_MAX)}…` : words;
}

const CONDITION_LENGTH_MAX = 80;

/** Source text with every string literal emptied. */
export function withoutLiterals(source: string): string {
  return source.replace(/"[^"]*"?|'[^']*'?/g, (literal) => `${literal[0]}…${literal[0]}`);
}

/** The source text of a place, blanks joined; for idioms and excerpts. */
export function wordsAt(scope: Scope, { start, end }: Place): string {
  return scope.source.slice(start, end).replace(/\s+/g, " ");
}
