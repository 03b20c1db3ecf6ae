/** A script as a tree; words are as written. */
export type ShellNode =
  | { readonly kind: "command"; readonly words: readonly string[]; readonly line: number }
  | { readonly kind: "chain"; readonly links: readonly ShellLink[]; readonly line: number }
  | { readonly kind: "not"; readonly body: ShellNode; readonly line: number }
  | { readonly kind: "pipe"; readonly parts: readonly ShellNode[]; readonly line: number }
  | {
      readonly kind: "if";
      readonly arms: readonly ShellArm[];
      readonly otherwise: readonly ShellNode[];
      readonly line: number;
    }
  | {
      readonly kind: "case";
      readonly word: string;
      readonly arms: readonly ShellCaseArm[];
      readonly line: number;
    }
  | { readonly kind: "loop"; readonly body: readonly ShellNode[]; readonly line: number }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly body: readonly ShellNode[];
      readonly line: number;
    }
  /** `isApart`: a subshell, whose variables are its own. */
  | {
      readonly kind: "group";
      readonly body: readonly ShellNode[];
      readonly isApart: boolean;
      readonly line: number;
    };

/** One command of `a && b || c`, with the operator before it. */
export interface ShellLink {
  readonly operator: "" | "&&" | "||";
  readonly node: ShellNode;
}

export interface ShellArm {
  readonly condition: readonly ShellNode[];
  readonly body: readonly ShellNode[];
}

export interface ShellCaseArm {
  readonly patterns: readonly string[];
  readonly body: readonly ShellNode[];
  /** `;&` and `;;&` go on behind it. */
  readonly falls: boolean;
}

export type ShellTree =
  | { readonly ok: true; readonly body: readonly ShellNode[] }
  | { readonly ok: false; readonly line: number; readonly message: string };
