import type { SyntaxNode } from "./syntax.ts";

/** What a name of a scope stands for. */
export type ScriptBinding =
  /** `const`, `let`, `var`; `path` leads into the value for a destructured name. */
  | {
      readonly kind: "variable";
      readonly name: SyntaxNode;
      readonly init: SyntaxNode | undefined;
      readonly path: readonly PathStep[];
      /** What is assigned to it after its declaration. */
      readonly later: LaterValue[];
      /** `x.y = value` and `x.push(value)`, in the order of the text. */
      readonly changes: ScriptChange[];
    }
  | {
      readonly kind: "parameter";
      readonly name: SyntaxNode;
      readonly index: number;
      readonly path: readonly PathStep[];
      readonly later: LaterValue[];
      readonly changes: ScriptChange[];
    }
  | { readonly kind: "function" | "class"; readonly node: SyntaxNode }
  /** `import`; `name` is "default", "*" or the exported name. */
  | { readonly kind: "import"; readonly specifier: string; readonly name: string };

export interface LaterValue {
  readonly node: SyntaxNode;
  readonly scope: ScriptScope;
}

/** One step of destructuring: the key, and what holds where nothing is under it. */
export interface PathStep {
  readonly key: string;
  readonly fallback: SyntaxNode | undefined;
}

/** A statement that changes what a name holds. */
export interface ScriptChange {
  readonly kind: "push" | "assign";
  readonly node: SyntaxNode;
  /** Members on the way to what is assigned. */
  readonly path: readonly string[];
  readonly values: readonly SyntaxNode[];
  readonly scope: ScriptScope;
  readonly conditions: readonly ScriptCondition[];
}

/** The names of a program, function or block. */
export interface ScriptScope {
  readonly file: string;
  readonly parent: ScriptScope | undefined;
  /** The function whose body it is; `undefined` for a program or block. */
  readonly owner: SyntaxNode | undefined;
  readonly bindings: Map<string, ScriptBinding>;
}

/** A test on the way to a statement, and which outcome leads there. */
export interface ScriptCondition {
  readonly test: SyntaxNode;
  readonly wanted: boolean;
  readonly scope: ScriptScope;
  /** It stands before the statement and leaves the function: `if (x) return`. */
  readonly isExit?: true;
}

/** A call, `new` or assignment, with where it stands. */
export interface ScriptSite {
  readonly node: SyntaxNode;
  readonly scope: ScriptScope;
  readonly conditions: readonly ScriptCondition[];
  /** Innermost first. */
  readonly functions: readonly SyntaxNode[];
}

/** Where a name is bound, looked for outwards. */
export function lookUp(
  scope: ScriptScope,
  name: string,
): { readonly binding: ScriptBinding; readonly scope: ScriptScope } | undefined {
  for (let at: ScriptScope | undefined = scope; at !== undefined; at = at.parent) {
    const binding = at.bindings.get(name);
    if (binding !== undefined) return { binding, scope: at };
  }
  return undefined;
}
