/**
 * The part of Python's syntax that evaluation needs. Lines and columns count from 1, offsets are
 * UTF-16 units into the source. What has no form of its own here is `opaque`.
 */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export type Expression = Place &
  (
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "constant"; readonly value: boolean | null }
    | { readonly kind: "format"; readonly parts: readonly (string | FormatField)[] }
    | {
        readonly kind: "sequence";
        readonly type: "list" | "tuple" | "set";
        readonly items: readonly Expression[];
      }
    | { readonly kind: "dict"; readonly entries: readonly DictEntry[] }
    | Comprehension
    | Call
    | { readonly kind: "attribute"; readonly object: Expression; readonly name: string }
    | { readonly kind: "subscript"; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: "slice";
        readonly lower: Expression | undefined;
        readonly upper: Expression | undefined;
        readonly hasStep: boolean;
      }
    | {
        readonly kind: "binary";
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "logical";
        readonly operator: "and" | "or";
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: "not"; readonly operand: Expression }
    | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
    | {
        readonly kind: "compare";
        readonly operands: readonly Expression[];
        readonly operators: readonly string[];
      }
    | {
        readonly kind: "conditional";
        readonly test: Expression;
        readonly whenTrue: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: "walrus"; readonly name: string; readonly value: Expression }
    | {
        readonly kind: "lambda";
        readonly parameters: readonly Parameter[];
        readonly body: Expression;
      }
    | { readonly kind: "starred"; readonly value: Expression }
    | { readonly kind: "opaque"; readonly what: string }
  );

export interface FormatField {
  readonly value: Expression;
  /** A conversion or format specification stands in it: the text is then not worked out. */
  readonly isFormatted: boolean;
}

export interface DictEntry {
  /** `undefined` for `**value`. */
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export interface Comprehension {
  readonly kind: "comprehension";
  readonly type: "list" | "set" | "generator" | "dict";
  readonly element: Expression;
  /** Of a dict comprehension. */
  readonly value: Expression | undefined;
  readonly clauses: readonly {
    readonly target: Expression;
    readonly source: Expression;
    readonly conditions: readonly Expression[];
  }[];
}

export interface Call {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

export interface Argument {
  readonly name: string | undefined;
  readonly spread: "" | "*" | "**";
  readonly value: Expression;
}

export interface Parameter {
  readonly name: string;
  readonly spread: "" | "*" | "**";
  readonly default: Expression | undefined;
}

export type Statement = Place &
  (
    | {
        readonly kind: "assign";
        readonly target: Expression;
        /** The annotation's text, of `name: type = value`. */
        readonly annotation: string | undefined;
        /** `undefined` for a bare annotation. */
        readonly value: Expression | undefined;
      }
    | {
        readonly kind: "augment";
        readonly target: Expression;
        readonly operator: string;
        readonly value: Expression;
      }
    | { readonly kind: "expression"; readonly value: Expression }
    | {
        readonly kind: "import";
        readonly names: readonly { readonly path: string; readonly alias: string | undefined }[];
      }
    | ImportFrom
    | {
        readonly kind: "if";
        readonly branches: readonly {
          readonly test: Expression;
          readonly body: readonly Statement[];
        }[];
        readonly otherwise: readonly Statement[];
      }
    | Try
    | {
        readonly kind: "with";
        readonly items: readonly {
          readonly value: Expression;
          readonly target: Expression | undefined;
        }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: "for";
        readonly target: Expression;
        readonly source: Expression;
        readonly body: readonly Statement[];
      }
    /** `while` and `match`: bodies that run an unknown number of times. */
    | {
        readonly kind: "maybe";
        readonly what: string;
        readonly bodies: readonly (readonly Statement[])[];
      }
    | FunctionDefinition
    | ClassDefinition
    | { readonly kind: "return"; readonly value: Expression | undefined }
    | { readonly kind: "raise"; readonly value: Expression | undefined }
    | { readonly kind: "jump"; readonly to: "break" | "continue" }
    | { readonly kind: "delete"; readonly targets: readonly Expression[] }
    | { readonly kind: "nothing" }
  );

export interface ImportFrom {
  readonly kind: "import-from";
  /** Leading dots. */
  readonly level: number;
  readonly path: string;
  readonly isStar: boolean;
  readonly names: readonly { readonly path: string; readonly alias: string | undefined }[];
}

export interface Try {
  readonly kind: "try";
  readonly body: readonly Statement[];
  readonly handlers: readonly {
    /** Exception names as written; empty catches everything. */
    readonly exceptions: readonly string[];
    readonly body: readonly Statement[];
  }[];
  readonly otherwise: readonly Statement[];
  readonly finally: readonly Statement[];
}

export interface FunctionDefinition {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface ClassDefinition {
  readonly kind: "class";
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

/** One parsed file. */
export interface Module {
  readonly source: string;
  readonly body: readonly Statement[];
  /** Where the text is not Python; Python itself would refuse the whole file. */
  readonly errors: readonly { readonly line: number; readonly column: number }[];
}
