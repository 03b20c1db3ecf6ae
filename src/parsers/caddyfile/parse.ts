import {
  type CaddyProblem,
  type CaddySource,
  type CaddySurroundings,
  expandCaddyfile,
  isBrace,
} from "./expand.ts";
import type { CaddyToken } from "./tokenize.ts";

/** A directive with its words and, where it has one, its block. */
export interface CaddyDirective {
  readonly name: string;
  readonly args: readonly CaddyToken[];
  /** `undefined`: no block. */
  readonly block?: readonly CaddyDirective[];
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A site block. */
export interface CaddySite {
  /** As written, comma taken off. */
  readonly addresses: readonly CaddyToken[];
  readonly directives: readonly CaddyDirective[];
  readonly file: string;
  readonly line: number;
}

export interface Caddyfile {
  readonly globalOptions: readonly CaddyDirective[];
  readonly sites: readonly CaddySite[];
  /** `&(name) { ... }`, used by `invoke name`. */
  readonly namedRoutes: readonly { readonly name: string; readonly site: CaddySite }[];
  readonly problems: readonly CaddyProblem[];
  /** Environment variables whose value is not known; they stay in the words as `{$NAME}`. */
  readonly unresolved: readonly string[];
  /** Every file read, the first one included. */
  readonly files: readonly string[];
}

/** Blocks within blocks; deeper ones are skipped with a problem. */
export const NESTING_MAX = 64;

interface Cursor {
  readonly tokens: readonly CaddyToken[];
  readonly problems: CaddyProblem[];
  at: number;
}

/**
 * Reads a Caddyfile into a tree: imports and snippets put in, `{$ENV:default}` replaced.
 *
 * Directives Caddy's core does not know (plugins) are kept like any other. Malformed text gives
 * `problems`, never an exception.
 */
export async function parseCaddyfile(
  source: CaddySource,
  surroundings: CaddySurroundings,
): Promise<Caddyfile> {
  const { tokens, problems, unresolved, files } = await expandCaddyfile(source, surroundings);
  const cursor: Cursor = { tokens, problems: [...problems], at: 0 };
  let globalOptions: readonly CaddyDirective[] = [];
  if (isBrace(tokens[0], "{")) {
    cursor.at = 1;
    globalOptions = readBlock(cursor, 1);
  }
  const sites: CaddySite[] = [];
  const namedRoutes: { name: string; site: CaddySite }[] = [];
  while (cursor.at < tokens.length) {
    const site = readSite(cursor);
    if (site === undefined) continue;
    const name = /^&\((.+)\)$/.exec(site.addresses[0]?.text ?? "")?.[1];
    if (name === undefined) sites.push(site);
    else namedRoutes.push({ name, site });
  }
  return { globalOptions, sites, namedRoutes, problems: cursor.problems, unresolved, files };
}

function readSite(cursor: Cursor): CaddySite | undefined {
  const first = cursor.tokens[cursor.at];
  if (first === undefined) return undefined;
  if (isBrace(first, "}")) {
    cursor.problems.push({
      file: first.file,
      line: first.line,
      message: "a } that closes nothing",
      isRefused: true,
    });
    cursor.at += 1;
    return undefined;
  }
  const addresses = readAddresses(cursor);
  const { file, line } = first;
  if (!isBrace(cursor.tokens[cursor.at], "{"))
    // The one site of a file may go without braces: its directives then run to the end.
    return { addresses, directives: readDirectives(cursor, 0), file, line };
  cursor.at += 1;
  return { addresses, directives: readBlock(cursor, 1), file, line };
}

function readAddresses(cursor: Cursor): readonly CaddyToken[] {
  const addresses: CaddyToken[] = [];
  let expectsMore = true;
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined || isBrace(token, "{")) return addresses;
    if (token.startsLine && !expectsMore) return addresses;
    expectsMore = token.text.endsWith(",");
    addresses.push(...splitAddresses(token));
    cursor.at += 1;
  }
}

/** `a.test,b.test` without a blank is an error to Caddy; reading both shows more than none. */
function splitAddresses(token: CaddyToken): readonly CaddyToken[] {
  let column = token.column;
  const addresses: CaddyToken[] = [];
  for (const text of token.text.split(",")) {
    if (text !== "") addresses.push({ ...token, text, column });
    column += text.length + 1;
  }
  return addresses;
}

/** Reads to the closing brace and past it. */
function readBlock(cursor: Cursor, level: number): readonly CaddyDirective[] {
  const directives = readDirectives(cursor, level);
  if (cursor.at < cursor.tokens.length) cursor.at += 1;
  else {
    const last = cursor.tokens.at(-1);
    if (last !== undefined)
      cursor.problems.push({
        file: last.file,
        line: last.line,
        message: "a { has no end",
        isRefused: true,
      });
  }
  return directives;
}

/** Reads directives up to a closing brace (not taken) or the end. */
function readDirectives(cursor: Cursor, level: number): readonly CaddyDirective[] {
  const directives: CaddyDirective[] = [];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined) return directives;
    if (isBrace(token, "}")) {
      if (level > 0) return directives;
      cursor.problems.push({
        file: token.file,
        line: token.line,
        message: "a } that closes nothing",
        isRefused: true,
      });
      cursor.at += 1;
      continue;
    }
    directives.push(readDirective(cursor, token, level));
  }
}

function readDirective(cursor: Cursor, first: CaddyToken, level: number): CaddyDirective {
  const { text: name, file, line, column } = first;
  const head = { name, file, line, column };
  const args: CaddyToken[] = [];
  cursor.at += 1;
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined || token.startsLine || isBrace(token, "}")) return { ...head, args };
    cursor.at += 1;
    if (!isBrace(token, "{")) {
      args.push(token);
      continue;
    }
    if (level < NESTING_MAX) return { ...head, args, block: readBlock(cursor, level + 1) };
    skipBlock(cursor);
    cursor.problems.push({ file, line, message: "blocks are nested too deep" });
    return { ...head, args };
  }
}

function skipBlock(cursor: Cursor): void {
  let open = 1;
  while (cursor.at < cursor.tokens.length && open > 0) {
    const token = cursor.tokens[cursor.at];
    if (isBrace(token, "{")) open += 1;
    if (isBrace(token, "}")) open -= 1;
    cursor.at += 1;
  }
}
