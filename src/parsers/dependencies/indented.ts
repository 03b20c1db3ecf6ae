/** A node of text that is indented line by line: what package managers write of YAML, and yarn's first format. */
export interface IndentedNode {
  /** Quotes taken off; `-` for an item of a list. */
  readonly key: string;
  /** As written behind the key, quotes taken off; empty where children follow. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly children: readonly IndentedNode[];
}

export type Indented =
  | { readonly ok: true; readonly nodes: readonly IndentedNode[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Levels of nesting. */
export const INDENTED_DEPTH_MAX = 32;

interface Open {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  readonly indent: number;
  readonly children: Open[];
}

type Line = { readonly key: string; readonly value: string } | "explicit" | undefined;

/**
 * Reads block mappings alone: flow collections stay text, block scalars are passed over. A general YAML parser takes
 * seconds for lock files of this size and tells no lines.
 */
export function parseIndented(text: string): Indented {
  const root: Open = { key: "", value: "", line: 0, indent: -1, children: [] };
  const reading: Reading = { stack: [root], scalarIndent: undefined };
  let line = 0;
  for (const raw of text.split("\n")) {
    line += 1;
    const message = take(reading, raw.trimEnd(), line);
    if (message !== undefined) return { ok: false, line, message };
  }
  return { ok: true, nodes: root.children };
}

interface Reading {
  readonly stack: Open[];
  /** Of the key whose block scalar is being passed over. */
  scalarIndent: number | undefined;
}

/** Takes one line in; text: why it cannot be read. */
function take(reading: Reading, content: string, line: number): string | undefined {
  const { stack } = reading;
  const body = content.trimStart();
  const indent = content.length - body.length;
  if (body === "" || indent > (reading.scalarIndent ?? indent)) return undefined;
  reading.scalarIndent = undefined;
  if (body.startsWith("#") || body === "---") return undefined;
  const read = readLine(body);
  if (read === undefined || content.slice(0, indent).includes("\t")) {
    return "it is cut off or damaged";
  }
  if (read === "explicit") return undefined;
  while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
  if (stack.length > INDENTED_DEPTH_MAX) return "it is nested too deeply";
  const node: Open = { ...read, line, indent, children: [] };
  stack.at(-1)?.children.push(node);
  stack.push(node);
  if (/^[|>][-+\d]*$/.test(read.value)) reading.scalarIndent = indent;
  return undefined;
}

/** `explicit`: the `:` below a key of its own line (`? key`), which YAML writes for long ones. */
function readLine(body: string): Line {
  if (body === ":") return "explicit";
  if (body === "-" || body.startsWith("- ")) {
    return { key: "-", value: body.slice(1).trim() };
  }
  const isExplicit = body.startsWith("? ");
  const text = isExplicit ? body.slice(2) : body;
  if (isExplicit) {
    const key = unquoted(text);
    return key === undefined ? undefined : { key, value: "" };
  }
  return keyed(text);
}

const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/;

/** `key: value`, `key:`; in yarn's first format `key value`, and lists of quoted keys. */
function keyed(text: string): Line {
  const quoted = QUOTED.exec(text)?.[0];
  if (quoted === undefined && /^["']/.test(text)) return undefined;
  if (text.endsWith(":")) {
    const key = text.slice(0, -1);
    return { key: key === quoted ? (unquoted(key) ?? key) : key, value: "" };
  }
  const colon = quoted === undefined ? text.indexOf(": ") : quoted.length;
  return text.startsWith(": ", Math.max(colon, 0))
    ? pair(text, colon, 2)
    : pair(text, quoted?.length ?? text.indexOf(" "), 1);
}

function pair(text: string, end: number, gap: number): Line {
  if (end <= 0) return undefined;
  const key = unquoted(text.slice(0, end));
  const value = unquoted(text.slice(end + gap).trim());
  return key === undefined || value === undefined ? undefined : { key, value };
}

/** `undefined` where a quote is left open. */
function unquoted(text: string): string | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  if (QUOTED.exec(text)?.[0] !== text) return undefined;
  const inner = text.slice(1, -1);
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(.)/g, "$1");
}

/** The child of a name. */
export function childOf(node: IndentedNode, key: string): IndentedNode | undefined {
  return node.children.find((child) => child.key === key);
}
