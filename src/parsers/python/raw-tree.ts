import type { Tree, TreeCursor } from "web-tree-sitter";

/** A node of the concrete tree, copied out of WebAssembly memory. */
export interface RawNode {
  readonly kind: string;
  readonly field: string | undefined;
  readonly isNamed: boolean;
  readonly start: number;
  readonly end: number;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly children: readonly RawNode[];
}

export interface RawTree {
  readonly root: RawNode;
  readonly errors: readonly { readonly line: number; readonly column: number }[];
  /** A bound was reached: parts of the tree are left out. */
  readonly isTruncated: boolean;
}

/** Nested deeper than any program a person writes, and shallow enough for a recursive reader. */
export const DEPTH_MAX = 200;
export const NODES_MAX = 400_000;
const ERRORS_MAX = 5;

interface Walk {
  nodes: number;
  isTruncated: boolean;
  readonly errors: { line: number; column: number }[];
}

/** Copies the tree, without comments, within `DEPTH_MAX` and `NODES_MAX`. */
export function copyTree(tree: Tree): RawTree {
  const walk: Walk = { nodes: 0, isTruncated: false, errors: [] };
  const cursor = tree.walk();
  const root = copyNode(cursor, walk, 0);
  cursor.delete();
  return { root, errors: walk.errors, isTruncated: walk.isTruncated };
}

function copyNode(cursor: TreeCursor, walk: Walk, depth: number): RawNode {
  walk.nodes += 1;
  const { row, column } = cursor.startPosition;
  const node = {
    kind: cursor.nodeType,
    field: cursor.currentFieldName ?? undefined,
    isNamed: cursor.nodeIsNamed,
    start: cursor.startIndex,
    end: cursor.endIndex,
    line: row + 1,
    column: column + 1,
  };
  if ((node.kind === "ERROR" || cursor.nodeIsMissing) && walk.errors.length < ERRORS_MAX)
    walk.errors.push({ line: node.line, column: node.column });
  return { ...node, children: copyChildren(cursor, walk, depth) };
}

function copyChildren(cursor: TreeCursor, walk: Walk, depth: number): readonly RawNode[] {
  const children: RawNode[] = [];
  if (depth >= DEPTH_MAX || walk.nodes >= NODES_MAX) {
    walk.isTruncated = true;
    return children;
  }
  if (!cursor.gotoFirstChild()) return children;
  do {
    if (cursor.nodeType !== "comment") children.push(copyNode(cursor, walk, depth + 1));
  } while (walk.nodes < NODES_MAX && cursor.gotoNextSibling());
  cursor.gotoParent();
  return children;
}

export function childOf(node: RawNode, field: string): RawNode | undefined {
  return node.children.find((child) => child.field === field);
}

export function childrenOf(node: RawNode, field: string): readonly RawNode[] {
  return node.children.filter((child) => child.field === field);
}

export function namedChildren(node: RawNode): readonly RawNode[] {
  return node.children.filter((child) => child.isNamed);
}

export function isOfKind(kind: string): (node: RawNode) => boolean {
  return (node) => node.kind === kind;
}
