import type { ComposeSource } from "../compose.ts";
import { items } from "./merge.ts";
import { servicesOf } from "./services.ts";
import { readTree, type Tree, type TreeMap } from "./tree.ts";

/** Files that others include or extend from, by path. */
export interface ComposeLibrary {
  /** The services of a file; `undefined` for one that was not given or did not parse. */
  get(file: string): TreeMap | undefined;
  includedBy(file: string): readonly string[];
}

type Lookup = (name: string) => string | undefined;

/** Parses each file once. */
export function openLibrary(sources: readonly ComposeSource[], lookup: Lookup): ComposeLibrary {
  const trees = new Map(
    sources.map((source) => {
      const result = readTree(source, lookup);
      return [source.file, result.ok ? result.trees[0] : undefined] as const;
    }),
  );
  return {
    get(file) {
      const tree = trees.get(file);
      return tree === undefined ? undefined : servicesOf(tree);
    },
    includedBy(file) {
      const tree = trees.get(file);
      return tree === undefined ? [] : includedBy(tree);
    },
  };
}

/** Top-level `include:` as compose writes it: a path, or a map with one or several in `path`. */
export function includedBy(tree: Tree): readonly string[] {
  const include = tree.kind === "map" ? tree.entries.get("include")?.value : undefined;
  return items(include).flatMap((item) => {
    const paths = item.kind === "map" ? items(item.entries.get("path")?.value) : [item];
    return paths.flatMap((path) => (path.kind === "scalar" ? (path.text ?? []) : []));
  });
}

/** The service that another one extends, and the file it stands in. */
export function extendedBy(service: TreeMap): { readonly name?: string; readonly path?: string } {
  const value = service.entries.get("extends")?.value;
  if (value?.kind === "scalar") return value.text === undefined ? {} : { name: value.text };
  if (value?.kind !== "map") return {};
  const textAt = (key: string): string | undefined => {
    const tree = value.entries.get(key)?.value;
    return tree?.kind === "scalar" ? tree.text : undefined;
  };
  const [name, path] = [textAt("service"), textAt("file")];
  return { ...(name === undefined ? {} : { name }), ...(path === undefined ? {} : { path }) };
}

/** Every file that one names, by path from where that one stands; empty for what does not parse. */
export function composeReferences(source: ComposeSource, lookup: Lookup): readonly string[] {
  const result = readTree(source, lookup);
  if (!result.ok) return [];
  const paths = result.trees.flatMap((tree) => {
    const services = servicesOf(tree);
    const extended = [...(services?.entries.values() ?? [])].flatMap(({ value }) =>
      value.kind === "map" ? (extendedBy(value).path ?? []) : [],
    );
    return [...includedBy(tree), ...extended];
  });
  return [...new Set(paths.map((path) => placeBeside(source.file, path)))];
}

/** `../common.yml` of `deploy/compose.yml` is `common.yml`; what leaves the tree keeps its dots. */
export function placeBeside(file: string, path: string): string {
  if (path.startsWith("/")) return path;
  const words = file.split("/").slice(0, -1);
  for (const word of path.split("/")) {
    if (word === ".." && words.length > 0 && words.at(-1) !== "..") words.pop();
    else if (word !== "." && word !== "") words.push(word);
  }
  return words.join("/");
}
