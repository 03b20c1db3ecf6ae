import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";

/** A YAML value with anchors and merge keys followed, and the line of each part. */
export type YamlTree = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: "scalar";
  /** As the document has it, numbers and booleans as text; empty for null. */
  readonly text: string;
  /** Of the text itself: of a block scalar the line after its `|`. */
  readonly line: number;
}

export interface YamlList {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly YamlTree[];
}

export interface YamlMap {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, YamlTree>;
}

export type YamlResult =
  | { readonly ok: true; readonly documents: readonly YamlTree[] }
  | { readonly ok: false; readonly line?: number; readonly message: string };

/** Nodes made of one file, aliases followed. */
export const YAML_NODES_MAX = 50_000;
/** Nesting of collections. */
export const YAML_NESTING_MAX = 64;

/** Never throws; what nests or expands too far is malformed. */
export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      ...{ lineCounter: lines, prettyErrors: false, logLevel: "silent" },
    });
    const error = documents.flatMap((document) => document.errors)[0];
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0]);
      return { ok: false, line, message: `is not valid YAML (${error.code})` };
    }
    const build: Build = { lines, anchors: new Map(), left: YAML_NODES_MAX };
    const trees = [...documents].flatMap(({ contents }) =>
      contents === null ? [] : [treeOf(contents, build, 0)],
    );
    return { ok: true, documents: trees };
  } catch (error) {
    // The library recurses as well: text nested thousands deep exhausts the stack.
    if (error instanceof RangeError) return { ok: false, message: "nests or expands too far" };
    throw error;
  }
}

interface Build {
  readonly lines: LineCounter;
  /** Anchors as they are met: an alias means the last one before it. */
  readonly anchors: Map<string, YamlTree>;
  left: number;
}

function treeOf(node: Node, build: Build, depth: number): YamlTree {
  build.left -= 1;
  if (build.left < 0 || depth > YAML_NESTING_MAX) throw new RangeError("YAML limit");
  const line = build.lines.linePos(node.range?.[0] ?? 0).line;
  if (isAlias(node)) {
    const target = build.anchors.get(node.source);
    build.left -= target === undefined ? 0 : sizeOf(target, build.left);
    return target ?? { kind: "scalar", text: "", line };
  }
  const tree = plainTree(node, build, depth, line);
  const { anchor } = node;
  if (anchor !== undefined) build.anchors.set(anchor, tree);
  return tree;
}

function plainTree(node: Node, build: Build, depth: number, line: number): YamlTree {
  if (isSeq<Node>(node))
    return { kind: "list", line, items: node.items.map((item) => treeOf(item, build, depth + 1)) };
  if (!isMap<Node, Node | null>(node)) return scalarOf(node, line);
  const entries = new Map<string, YamlTree>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const tree: YamlTree =
      value === null ? { kind: "scalar", text: "", line } : treeOf(value, build, depth + 1);
    if (name === "<<") merge(entries, tree);
    else entries.set(name, tree);
  }
  return { kind: "map", line, entries };
}

function scalarOf(node: Node, line: number): YamlScalar {
  if (!isScalar(node)) return { kind: "scalar", text: "", line };
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  const text = node.value === null ? "" : String(node.value);
  return { kind: "scalar", text, line: isBlock ? line + 1 : line };
}

/** `<<: *base`: what the map has itself wins. */
function merge(entries: Map<string, YamlTree>, tree: YamlTree): void {
  const sources = tree.kind === "list" ? tree.items : [tree];
  for (const source of sources) {
    if (source.kind !== "map") continue;
    for (const [name, value] of source.entries) if (!entries.has(name)) entries.set(name, value);
  }
}

/** Nodes of a tree, counted up to a limit: an alias costs what it stands for. */
function sizeOf(tree: YamlTree, limit: number): number {
  const pending: YamlTree[] = [tree];
  let count = 0;
  for (let next = pending.pop(); next !== undefined && count <= limit; next = pending.pop()) {
    count += 1;
    if (next.kind === "list") pending.push(...next.items);
    if (next.kind === "map") pending.push(...next.entries.values());
  }
  return count;
}

/** The value under a path of keys; `undefined` where there is none. */
export function yamlAt(
  tree: YamlTree | undefined,
  ...path: readonly string[]
): YamlTree | undefined {
  return path.reduce<YamlTree | undefined>(
    (at, key) => (at?.kind === "map" ? at.entries.get(key) : undefined),
    tree,
  );
}

/** The texts of a scalar or of a list of scalars. */
export function yamlTexts(tree: YamlTree | undefined): readonly YamlScalar[] {
  if (tree === undefined || tree.kind === "map") return [];
  return tree.kind === "scalar" ? [tree] : tree.items.flatMap(yamlTexts);
}

/** The entries of a map in order; none for anything else. */
export function yamlEntries(tree: YamlTree | undefined): readonly (readonly [string, YamlTree])[] {
  return tree?.kind === "map" ? [...tree.entries] : [];
}

/** The items of a list; none for anything else. */
export function yamlItems(tree: YamlTree | undefined): readonly YamlTree[] {
  return tree?.kind === "list" ? tree.items : [];
}
