import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from "yaml";

/** One setting of Traefik, whichever way it was written. */
export interface TraefikSetting {
  /** Path in lower case, parts by dots: `http.routers.web.rule`. Traefik's keys have no case. */
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** Value of an empty map: `tls: {}` switches TLS on, `tls:` alone does not. */
export const EMPTY_MAP = "{}";

export type TraefikFile =
  | { readonly ok: true; readonly settings: readonly TraefikSetting[] }
  | { readonly ok: false; readonly line?: number; readonly message: string };

/** Settings in one file, levels of nesting, and alias expansions the yaml library may do. */
const SETTINGS_MAX = 20_000;
export const NESTING_MAX = 32;
const ALIASES_MAX = 1_000;

/**
 * Reads a file of the file provider or a static configuration (YAML) into settings with lines.
 * A list gives one setting per item, its index as last part: `...servers.0.url`.
 */
export function parseTraefikYaml(file: string, text: string): TraefikFile {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, logLevel: "silent" });
    const walk: Walk = { file, lines, settings: [], aliases: 0 };
    for (const document of documents) {
      const [error] = document.errors;
      if (error !== undefined) {
        const line = error.linePos?.[0].line ?? 1;
        return { ok: false, line, message: firstLine(error.message) };
      }
      collect(walk, document, document.contents, "", 0);
    }
    return { ok: true, settings: walk.settings };
  } catch (error) {
    // The library recurses: text nested thousands deep ends in a RangeError.
    if (error instanceof RangeError || error instanceof ReferenceError)
      return { ok: false, message: "the YAML is nested too deep" };
    throw error;
  }
}

interface Walk {
  readonly file: string;
  readonly lines: LineCounter;
  readonly settings: TraefikSetting[];
  aliases: number;
}

function collect(walk: Walk, document: Document, node: unknown, key: string, depth: number): void {
  if (depth > NESTING_MAX || walk.settings.length >= SETTINGS_MAX) return;
  const text = textOf(node);
  if (text !== undefined) push(walk, key, text, node);
  if (isAlias(node)) {
    walk.aliases += 1;
    if (walk.aliases <= ALIASES_MAX)
      collect(walk, document, node.resolve(document), key, depth + 1);
  }
  for (const { name, value } of children(node)) {
    const path = childKey(key, name);
    if (value === null) push(walk, path, "", name);
    else collect(walk, document, value, path, depth + 1);
  }
}

/** The value of a node that holds no other. */
function textOf(node: unknown): string | undefined {
  if (isScalar(node)) return node.value === null ? "" : String(node.value);
  return isMap(node) && node.items.length === 0 ? EMPTY_MAP : undefined;
}

function children(node: unknown): readonly { readonly name: unknown; readonly value: unknown }[] {
  if (isMap(node)) return node.items.map(({ key: name, value }) => ({ name, value }));
  return isSeq(node) ? node.items.map((value, index) => ({ name: index, value })) : [];
}

/** `<<` merges a map into the one it stands in. */
function childKey(prefix: string, name: unknown): string {
  const text = String(isScalar(name) ? name.value : name).toLowerCase();
  return text === "<<" ? prefix : joinKey(prefix, text);
}

function push(walk: Walk, key: string, value: string, node: unknown): void {
  const offset = (node as Node | null)?.range?.[0] ?? 0; // a key or value of this very document
  walk.settings.push({ key, value, file: walk.file, line: walk.lines.linePos(offset).line || 1 });
}

function joinKey(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 200);
}

/**
 * Settings of Docker labels: `traefik.http.routers.web.rule` gives `http.routers.web.rule`.
 * `$$`, compose's way to write `$`, is undone where it is still there.
 */
export function traefikLabels(
  labels: readonly {
    readonly key: string;
    readonly value: string | undefined;
    readonly file: string;
    readonly line: number;
  }[],
): readonly TraefikSetting[] {
  return labels
    .filter(({ key }) => key.toLowerCase().startsWith("traefik."))
    .map(({ key, value, file, line }) => ({
      key: key.toLowerCase().slice("traefik.".length),
      value: (value ?? "").replaceAll("$$", "$"),
      file,
      line,
    }));
}

/** Settings of a command line: `--entrypoints.web.address=:80`, `--entryPoints.web`, `--api`. */
export function traefikArguments(
  command: string,
  file: string,
  line: number,
): readonly TraefikSetting[] {
  return command
    .split(/\s+/)
    .map((word) => /^["']?--([A-Za-z][^=\s"']*)(?:=(.*?))?["']?$/.exec(word))
    .filter((match) => match !== null)
    .map(([, key = "", value]) => ({
      key: key.toLowerCase(),
      value: value ?? "true",
      file,
      line,
    }));
}

/** Host names and path prefixes a router rule asks for. */
export interface TraefikRule {
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

const RULE_CHARACTERS_MAX = 8_192;

/** Reads `Host(`a`, `b`) && PathPrefix(`/x`)`; a matcher behind `!` gives no name. */
export function parseTraefikRule(rule: string): TraefikRule {
  const names: string[] = [];
  const paths: string[] = [];
  const text = rule.slice(0, RULE_CHARACTERS_MAX);
  const matcher = /(!\s*)?\b(Host|HostRegexp|HostHeader|HostSNI|Path|PathPrefix|PathRegexp)\(/gi;
  for (const match of text.matchAll(matcher)) {
    if (match[1] !== undefined) continue;
    const isPath = /^path/i.test(match[2] ?? "");
    const values = quotedArguments(text, match.index + match[0].length);
    (isPath ? paths : names).push(...values);
  }
  return { names, paths };
}

/** The quoted words up to the closing parenthesis. */
function quotedArguments(text: string, from: number): readonly string[] {
  const values: string[] = [];
  let at = from;
  while (at < text.length && text.charAt(at) !== ")") {
    const mark = text.charAt(at);
    if (mark === "`" || mark === '"' || mark === "'") {
      const end = text.indexOf(mark, at + 1);
      if (end === -1) return values;
      values.push(text.slice(at + 1, end));
      at = end;
    }
    at += 1;
  }
  return values;
}
