import type { Tree, TreeEntry, TreeMap, TreeScalar } from "./tree.ts";

/** Lists and `KEY=value` maps that are one thing in two spellings: merged by key. */
const KEYED: ReadonlySet<string> = new Set(["environment", "labels", "annotations"]);
/** Values that the later file replaces as a whole (Compose specification, 13-merge.md). */
const REPLACED: ReadonlySet<string> = new Set(["command", "entrypoint", "healthcheck"]);
/** Lists whose entries are unique: the last one of a target wins. */
const BY_TARGET: ReadonlySet<string> = new Set(["volumes"]);

/** Lays `over` on `base` as compose merges an override file; `!reset` and `!override` honoured. */
export function mergeTrees(base: Tree | undefined, over: Tree, key = ""): Tree {
  if (base === undefined || over.tag === "!override" || REPLACED.has(key)) return over;
  if (KEYED.has(key)) return mergeMaps(keyed(base), keyed(over));
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over);
  // Compose reads the short form `build: .` as `build: {context: .}`, and a network list as a map.
  if (key === "build") return mergeMaps(asMap(base, "context"), asMap(over, "context"));
  if (key === "env_file" || (base.kind === "list" && over.kind === "list")) {
    return mergeLists(items(base), items(over), over, key);
  }
  return over;
}

function mergeMaps(base: TreeMap, over: TreeMap): TreeMap {
  const entries = new Map<string, TreeEntry>(base.entries);
  for (const [key, { value, line }] of over.entries) {
    if (value.tag === "!reset") {
      entries.delete(key);
      continue;
    }
    const known = entries.get(key);
    const merged = mergeTrees(known?.value, value, key);
    // Where a map only gains keys its own place stays; a scalar's place is the one that decides.
    const isExtended = known !== undefined && merged.kind !== "scalar" && value.tag === undefined;
    entries.set(key, { value: merged, line: isExtended ? known.line : line });
  }
  return { ...base, entries };
}

function mergeLists(base: readonly Tree[], over: readonly Tree[], place: Tree, key: string): Tree {
  const { file, line } = place;
  const all = [...base, ...over];
  if (!BY_TARGET.has(key)) return { kind: "list", file, line, items: all };
  const byTarget = new Map<string, Tree>();
  for (const [index, item] of all.entries()) byTarget.set(targetOf(item) ?? `#${index}`, item);
  return { kind: "list", file, line, items: [...byTarget.values()] };
}

function targetOf(item: Tree): string | undefined {
  if (item.kind === "map") {
    const target = item.entries.get("target")?.value;
    return target?.kind === "scalar" ? target.text : undefined;
  }
  return item.kind === "scalar" ? (item.text ?? "").split(":")[1] : undefined;
}

/** A list, a single scalar or nothing as list items. */
export function items(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  if (tree.kind === "list") return tree.items;
  return tree.kind === "scalar" && tree.text === undefined ? [] : [tree];
}

function asMap(tree: Tree, key: string): TreeMap {
  if (tree.kind === "map") return tree;
  const { file, line } = tree;
  return { kind: "map", file, line, entries: new Map([[key, { line, value: tree }]]) };
}

/** `- KEY=value`, `- KEY` and `KEY: value` in one form; a key without a value has none. */
export function keyed(tree: Tree): TreeMap {
  if (tree.kind === "map") return tree;
  const entries = new Map<string, TreeEntry>();
  for (const item of items(tree)) {
    if (item.kind !== "scalar" || item.text === undefined) continue;
    const at = item.text.indexOf("=");
    const value: TreeScalar = { ...item, text: at < 0 ? undefined : item.text.slice(at + 1) };
    entries.set(at < 0 ? item.text : item.text.slice(0, at), { line: item.line, value });
  }
  return { kind: "map", file: tree.file, line: tree.line, entries };
}
