import { isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";

import type { CaddyDirective } from "./parse.ts";
import type { CaddyToken } from "./tokenize.ts";

/** State of reading one JSON configuration. */
export interface JsonReader {
  readonly file: string;
  readonly lines: LineCounter;
  routes: number;
  matchers: number;
}

/** The value below a path of keys; `undefined` where there is none. */
export function at(node: unknown, ...path: readonly string[]): unknown {
  let current = node;
  for (const key of path) current = isMap(current) ? current.get(key, true) : undefined;
  return current;
}

/** Keys and values of an object. */
export function entries(
  node: unknown,
): readonly { readonly key: string; readonly value: unknown }[] {
  return isMap(node)
    ? node.items.map(({ key, value }) => ({ key: String(isScalar(key) ? key.value : key), value }))
    : [];
}

/** Items of an array. */
export function list(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}

/** A string, number or boolean as text. */
export function textOf(node: unknown): string | undefined {
  return isScalar(node) && node.value !== null ? String(node.value) : undefined;
}

/** One text, or those of an array. */
export function texts(node: unknown): readonly string[] {
  const one = textOf(node);
  return one !== undefined ? [one] : list(node).flatMap((item) => textOf(item) ?? []);
}

/** From 1. */
export function lineOf({ lines }: JsonReader, node: unknown): number {
  const offset = (node as Node | null | undefined)?.range?.[0] ?? 0; // a value of this very document
  return lines.linePos(offset).line || 1;
}

/** What a Caddyfile would say at the place of a JSON value. */
export function directive(
  reader: JsonReader,
  node: unknown,
  name: string,
  args: readonly string[] = [],
  block?: readonly CaddyDirective[],
): CaddyDirective {
  const line = lineOf(reader, node);
  const { file } = reader;
  return {
    name,
    args: args.map(
      (text): CaddyToken => ({ text, quote: "", startsLine: false, file, line, column: 1 }),
    ),
    ...(block !== undefined && { block }),
    file,
    line,
    column: 1,
  };
}
