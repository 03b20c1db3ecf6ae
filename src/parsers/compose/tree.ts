import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import type { ComposeSource } from "../compose.ts";
import { interpolate } from "./interpolate.ts";

/** Nodes made out of one file, aliases and merge keys followed: far above any real project. */
export const NODES_MAX = 50_000;
/** Nesting of collections, aliases followed. */
export const NESTING_MAX = 64;

/** A YAML value with anchors, merge keys and variables resolved, and the place of each part. */
export type Tree = TreeScalar | TreeList | TreeMap;

interface Placed {
  readonly file: string;
  readonly line: number;
  /** Compose's own tags: the override file replaces or removes what it would extend. */
  readonly tag?: "!reset" | "!override";
}

export interface TreeScalar extends Placed {
  readonly kind: "scalar";
  /** Text after interpolation, as written for numbers and booleans; `undefined` for null. */
  readonly text: string | undefined;
  readonly isInterpolated: boolean;
}

export interface TreeList extends Placed {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface TreeMap extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, TreeEntry>;
}

export interface TreeEntry {
  readonly line: number;
  readonly value: Tree;
}

export type TreeResult =
  | { readonly ok: true; readonly trees: readonly Tree[] }
  | { readonly ok: false; readonly line?: number; readonly message: string };

/** Every document of one file. Never throws; what nests or expands too far is malformed. */
export function readTree(
  { file, text }: ComposeSource,
  lookup: (name: string) => string | undefined,
): TreeResult {
  try {
    return readDocuments(file, text, lookup);
  } catch (error) {
    // The library recurses: text that nests thousands deep exhausts the stack.
    if (error instanceof RangeError) return { ok: false, message: "nests too deeply" };
    if (error instanceof TreeLimitError) return { ok: false, message: error.message };
    throw error;
  }
}

class TreeLimitError extends Error {
  override readonly name = "TreeLimitError";
}

function readDocuments(
  file: string,
  text: string,
  lookup: (name: string) => string | undefined,
): TreeResult {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return { ok: true, trees: [] };
  const error = documents.flatMap((document) => document.errors)[0];
  if (error !== undefined) {
    return {
      ok: false,
      line: lines.linePos(error.pos[0]).line,
      message: `is not valid YAML (${error.code})`,
    };
  }
  const lineOf = (node: unknown) => lines.linePos(startOf(node)).line;
  const trees: Tree[] = [];
  for (const document of documents) {
    const anchors = resolveAliases(document);
    const build: Build = { file, lookup, lineOf, anchors, left: NODES_MAX };
    if (document.contents !== null) trees.push(toTree(document.contents, build, 0, 1));
  }
  return { ok: true, trees };
}

/** Each alias with the anchor before it: one pass, where `alias.resolve` walks the document each time. */
function resolveAliases(document: Document.Parsed): ReadonlyMap<unknown, Node> {
  const named = new Map<string, Node>();
  const resolved = new Map<unknown, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = named.get(node.source);
        if (target !== undefined) resolved.set(node, target);
      } else if (node.anchor !== undefined) {
        named.set(node.anchor, node);
      }
    },
  });
  return resolved;
}

interface Build {
  readonly file: string;
  readonly lookup: (name: string) => string | undefined;
  readonly lineOf: (node: unknown) => number;
  readonly anchors: ReadonlyMap<unknown, Node>;
  left: number;
}

function startOf(node: unknown): number {
  return (isScalar(node) || isCollection(node) || isAlias(node) ? node.range?.[0] : undefined) ?? 0;
}

function toTree(node: unknown, build: Build, depth: number, fallbackLine: number): Tree {
  spend(build, depth);
  if (isAlias(node)) return toTree(build.anchors.get(node), build, depth + 1, fallbackLine);
  const { file } = build;
  if (isSeq(node)) {
    const line = build.lineOf(node);
    const items = node.items.map((item) => toTree(item, build, depth + 1, line));
    return { kind: "list", file, line, items, ...tagOf(node.tag) };
  }
  if (isMap(node)) {
    const entries = new Map<string, TreeEntry>();
    fillEntries(node, entries, build, depth);
    return { kind: "map", file, line: build.lineOf(node), entries, ...tagOf(node.tag) };
  }
  return toScalar(node, build, fallbackLine);
}

function toScalar(
  node: unknown,
  { file, lineOf, lookup }: Build,
  fallbackLine: number,
): TreeScalar {
  if (!isScalar(node)) {
    return { kind: "scalar", file, line: fallbackLine, text: undefined, isInterpolated: false };
  }
  const line = node.range == null ? fallbackLine : lineOf(node);
  const place = { kind: "scalar", file, line, ...tagOf(node.tag) } as const;
  if (node.value === null) return { ...place, text: undefined, isInterpolated: false };
  // As written: YAML reads `1.0` as a number, and a version or a port must keep its digits.
  const written = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  return { ...place, ...interpolate(written, lookup) };
}

function tagOf(tag: string | undefined): { tag?: "!reset" | "!override" } {
  return tag === "!reset" || tag === "!override" ? { tag } : {};
}

/** Own keys win over merged ones, earlier merged maps over later ones (yaml.org/type/merge.html). */
function fillEntries(
  node: unknown,
  entries: Map<string, TreeEntry>,
  build: Build,
  depth: number,
): void {
  spend(build, depth);
  if (!isMap(node)) return;
  const merged: unknown[] = [];
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
    if (key === "<<") {
      merged.push(pair.value);
    } else if (key !== undefined && !entries.has(key)) {
      const line = build.lineOf(pair.key);
      entries.set(key, { line, value: toTree(pair.value, build, depth + 1, line) });
    }
  }
  for (const source of merged.flatMap((value) => mergeSources(value, build))) {
    fillEntries(source, entries, build, depth + 1);
  }
}

function mergeSources(value: unknown, build: Build): readonly unknown[] {
  const target = followed(value, build);
  return isSeq(target) ? target.items.map((item) => followed(item, build)) : [target];
}

function followed(node: unknown, build: Build): unknown {
  return isAlias(node) ? build.anchors.get(node) : node;
}

function spend(build: Build, depth: number): void {
  build.left -= 1;
  if (build.left < 0) throw new TreeLimitError("expands to too many nodes");
  if (depth > NESTING_MAX) throw new TreeLimitError("nests too deeply");
}
