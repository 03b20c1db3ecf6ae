import { items, keyed } from "../../parsers/compose/merge.ts";
import { readTree, type Tree, type TreeMap } from "../../parsers/compose/tree.ts";
import type { ComposeSource } from "../../parsers/compose.ts";
import type { DeployRow } from "./deploy-row.ts";

/**
 * Stand for a variable while a file is read as written: its name between two characters of the
 * private use area. A port of `${WEB_PORT:-8000}` keeps its shape and its variable.
 */
const OPEN = "\u{e000}";
const CLOSE = "\u{e001}";
const VARIABLE = /\u{e000}([^\u{e001}]*)\u{e001}/gu;

/** One service of one file, as that file has it. */
export interface ServiceEntry {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** Variables stand for themselves: see `asWritten` and `variablesOf`. */
  readonly map: TreeMap;
  /** The same with the defaults of variables in their place. */
  readonly defaults: TreeMap;
  readonly lines: readonly string[];
  readonly isDevelopment: boolean;
}

/** Every document of a file with variables standing for themselves; empty for what is no YAML. */
export function readWritten(source: ComposeSource): readonly Tree[] {
  const result = readTree(source, (name) => `${OPEN}${name}${CLOSE}`);
  return result.ok ? result.trees : [];
}

/** Text as people write it: `${WEB_PORT}:8000`. */
export function asWritten(text: string): string {
  return text.replaceAll(VARIABLE, (_, name: string) => `\${${name}}`);
}

/** The variables of a text. */
export function variablesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name))];
}

/** The text without its variables: what a person wrote down. */
export function withoutVariables(text: string): string {
  return text.replaceAll(VARIABLE, "");
}

/** `env` where a variable decides, else `literal`. */
export function kindOfText(text: string): DeployRow["kind"] {
  return text.includes(OPEN) ? "env" : "literal";
}

/** A text with its place. */
export interface Placed {
  readonly text: string;
  readonly line: number;
}

/** The scalar texts of a list, `key=value` of a map, or the single scalar. */
export function placedTexts(tree: Tree | undefined): readonly Placed[] {
  if (tree === undefined) return [];
  if (tree.kind === "map") {
    return placedEntries(tree).map(({ key, text, line }) => ({ text: `${key}=${text}`, line }));
  }
  return items(tree).flatMap((item) =>
    item.kind === "scalar" && item.text !== undefined ? [{ text: item.text, line: item.line }] : [],
  );
}

/** `KEY: value` and `- KEY=value` alike; a key without a value has none. */
export function placedEntries(
  tree: Tree | undefined,
): readonly (Placed & { readonly key: string; readonly isGiven: boolean })[] {
  if (tree === undefined) return [];
  return [...keyed(tree).entries].flatMap(([key, { line, value }]) =>
    value.kind === "scalar"
      ? [{ key, text: value.text ?? "", line, isGiven: value.text !== undefined }]
      : [],
  );
}

/** The scalar under a key, with the key's line. */
export function scalarAt(map: TreeMap, key: string): Placed | undefined {
  const entry = map.entries.get(key);
  if (entry?.value.kind !== "scalar" || entry.value.text === undefined) return undefined;
  return { text: entry.value.text, line: entry.line };
}
