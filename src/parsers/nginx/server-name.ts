import type { NginxDirective } from "./parse.ts";
import { matchPcre, SELECTION_STEPS_MAX } from "./pcre.ts";
import type { NginxPosition } from "./tokenize.ts";

/**
 * One word of `server_name`.
 *
 * - `exact`: also `""`, which stands for a request without `Host`, and names nobody can ask for (`_`).
 * - `leading`: `*.example.com`; `value` is `example.com`.
 * - `dotted`: `.example.com`: the name itself and whatever is below it.
 * - `trailing`: `www.example.*`; `value` is `www.example`.
 * - `regex`: `~...`; `value` is the pattern without `~`.
 * - `machine`: `$hostname`, the machine's own name, which a configuration does not tell.
 */
export interface NginxServerName extends NginxPosition {
  readonly kind: "exact" | "leading" | "dotted" | "trailing" | "regex" | "machine";
  readonly value: string;
  readonly text: string;
}

/** The names of a server; `""` where it has none (nginx 0.8.48 and later). */
export function serverNames(
  server: NginxDirective,
  directives: readonly NginxDirective[],
): readonly NginxServerName[] {
  const names = directives.flatMap(({ args }) => args).map(parseServerName);
  if (names.length > 0) return names;
  const { file, line, column } = server;
  return [{ kind: "exact", value: "", text: "", file, line, column }];
}

function parseServerName(word: NginxPosition & { readonly text: string }): NginxServerName {
  const { text, file, line, column } = word;
  return { ...nameKind(text), text, file, line, column };
}

/** What sort of name a word of `server_name`, or a key of a `map` with `hostnames`, is. */
export function nameKind(text: string): Pick<NginxServerName, "kind" | "value"> {
  if (text.startsWith("~")) return { kind: "regex", value: text.slice(1) };
  const name = text.toLowerCase();
  if (name === "$hostname") return { kind: "machine", value: name };
  if (name.startsWith("*.")) return { kind: "leading", value: name.slice(2) };
  if (name.startsWith(".")) return { kind: "dotted", value: name.slice(1) };
  if (name.endsWith(".*")) return { kind: "trailing", value: name.slice(0, -2) };
  return { kind: "exact", value: name };
}

interface Wildcard<T> {
  readonly target: T;
  readonly isDotted: boolean;
}

/** Names of the servers of one socket, in file order, each with what it leads to. */
export interface NameTable<T> {
  readonly exact: ReadonlyMap<string, T>;
  readonly leading: ReadonlyMap<string, Wildcard<T>>;
  readonly trailing: ReadonlyMap<string, T>;
  readonly patterns: readonly { readonly pattern: string; readonly target: T }[];
}

/**
 * As `ngx_http_server_names` builds its hashes: of equal names the first counts, the others are
 * ignored with a warning ("conflicting server name"); `.a.b` and `*.a.b` are equal in this.
 */
export function nameTable<T>(
  entries: readonly { readonly name: NginxServerName; readonly target: T }[],
): NameTable<T> {
  const exact = new Map<string, T>();
  const leading = new Map<string, Wildcard<T>>();
  const trailing = new Map<string, T>();
  const patterns: { pattern: string; target: T }[] = [];
  for (const { name, target } of entries) {
    const { kind, value } = name;
    switch (kind) {
      case "regex":
        patterns.push({ pattern: value, target });
        break;
      case "exact":
        if (leading.get(value)?.isDotted !== true) addFirst(exact, value, target);
        break;
      case "leading":
        addFirst(leading, value, { target, isDotted: false });
        break;
      case "dotted":
        if (!exact.has(value)) addFirst(leading, value, { target, isDotted: true });
        break;
      case "trailing":
        addFirst(trailing, value, target);
        break;
      case "machine":
        break;
    }
  }
  return { exact, leading, trailing, patterns };
}

function addFirst<T>(table: Map<string, T>, key: string, value: T): void {
  if (!table.has(key)) table.set(key, value);
}

/** `undecidable` lists what could be meant: patterns nobody can tell about, then what else would be. */
export type NameMatch<T> =
  | { readonly state: "found"; readonly target: T; readonly by: NginxServerName["kind"] }
  | { readonly state: "none" }
  | { readonly state: "undecidable"; readonly pattern: string; readonly candidates: readonly T[] };

/**
 * Exact name, then the longest wildcard with the asterisk in front, then the longest with it at the
 * end, then the first pattern (nginx.org/en/docs/http/server_names.html). `host` is in lower case.
 */
export function matchName<T>(table: NameTable<T>, host: string): NameMatch<T> {
  const exact = table.exact.get(host);
  if (exact !== undefined) return { state: "found", target: exact, by: "exact" };
  const labels = host.split(".");
  for (let from = 0; from < labels.length; from += 1) {
    const entry = table.leading.get(labels.slice(from).join("."));
    if (entry === undefined || (from === 0 && !entry.isDotted)) continue;
    return { state: "found", target: entry.target, by: entry.isDotted ? "dotted" : "leading" };
  }
  for (let to = labels.length - 1; to > 0; to -= 1) {
    const target = table.trailing.get(labels.slice(0, to).join("."));
    if (target !== undefined) return { state: "found", target, by: "trailing" };
  }
  return matchPatterns(table.patterns, host);
}

function matchPatterns<T>(patterns: NameTable<T>["patterns"], host: string): NameMatch<T> {
  const budget = { left: SELECTION_STEPS_MAX };
  const open: { readonly pattern: string; readonly target: T }[] = [];
  for (const entry of patterns) {
    // nginx compiles these caseless when they hold a capital; the host is in lower case anyway.
    const result = matchPcre(entry.pattern, true, host, budget);
    if (result === "no") continue;
    if (result === "match" && open.length === 0) {
      return { state: "found", target: entry.target, by: "regex" };
    }
    open.push(entry);
    if (result === "match") break;
  }
  const [first] = open;
  if (first === undefined) return { state: "none" };
  const candidates = open.map(({ target }) => target);
  return { state: "undecidable", pattern: first.pattern, candidates };
}
