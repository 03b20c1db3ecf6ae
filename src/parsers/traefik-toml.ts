import { parse, TomlError } from "smol-toml";
import { EMPTY_MAP, NESTING_MAX, type TraefikFile, type TraefikSetting } from "./traefik.ts";

/** Settings in one file. */
const SETTINGS_MAX = 20_000;

/**
 * Reads a static or dynamic configuration in TOML into the same settings as `parseTraefikYaml`. The line of a
 * setting is that of its key, or of the table or array it stands in.
 */
export function parseTraefikToml(file: string, text: string): TraefikFile {
  try {
    const lines = keyLines(text);
    const settings: TraefikSetting[] = [];
    collect(parse(text), "", 0, (key, value) => {
      if (settings.length < SETTINGS_MAX)
        settings.push({ key, value, file, line: lineOf(lines, key) });
    });
    return { ok: true, settings };
  } catch (error) {
    if (error instanceof TomlError)
      return { ok: false, line: error.line, message: error.message.split("\n", 1)[0] ?? "" };
    // The library recurses: text nested thousands deep ends in a RangeError.
    if (error instanceof RangeError) return { ok: false, message: "the TOML is nested too deep" };
    throw error;
  }
}

function collect(
  value: unknown,
  key: string,
  depth: number,
  add: (key: string, value: string) => void,
): void {
  if (depth > NESTING_MAX) return;
  if (typeof value !== "object" || value === null || value instanceof Date) {
    add(key, String(value));
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0 && !Array.isArray(value) && key !== "") add(key, EMPTY_MAP);
  for (const [name, inner] of entries) {
    const part = name.toLowerCase();
    collect(inner, key === "" ? part : `${key}.${part}`, depth + 1, add);
  }
}

const TABLE = /^\s*\[(\[?)\s*([^[\]]+?)\s*\]/;
const KEY = /^\s*((?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:\s*\.\s*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*)\s*=/;
const PART = /"([^"\n]*)"|'([^'\n]*)'|([\w-]+)/g;

/** Where each table and each key that begins a line stands; of an array of tables each with its index. */
function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = "";
  for (const [index, line] of text.split("\n").entries()) {
    const header = TABLE.exec(line);
    const name = header === null ? KEY.exec(line)?.[1] : undefined;
    if (header !== null) {
      table = tableOf(header[2] ?? "", header[1] === "[", counts);
      lines.set(table, index + 1);
    } else if (name !== undefined) {
      lines.set([table, pathOf(name, new Map())].filter(Boolean).join("."), index + 1);
    }
  }
  return lines;
}

/** The path of `[a.b]`, or of the next one of `[[a.b]]`. */
function tableOf(name: string, isArray: boolean, counts: Map<string, number>): string {
  const path = pathOf(name, counts);
  if (!isArray) return path;
  const count = counts.get(path) ?? 0;
  counts.set(path, count + 1);
  return `${path}.${count}`;
}

/** A dotted name in lower case; what stands below an array of tables belongs to its last one. */
function pathOf(name: string, counts: ReadonlyMap<string, number>): string {
  let path = "";
  for (const [, double, single, bare] of name.matchAll(PART)) {
    const count = counts.get(path);
    const base = count === undefined ? path : `${path}.${count - 1}`;
    const part = (double ?? single ?? bare ?? "").toLowerCase();
    path = base === "" ? part : `${base}.${part}`;
  }
  return path;
}

function lineOf(lines: ReadonlyMap<string, number>, key: string): number {
  for (let at = key; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}
