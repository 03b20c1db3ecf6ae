import { substituteEnvironment } from "./substitute.ts";
import { type CaddyToken, tokenizeCaddyfile } from "./tokenize.ts";

export interface CaddySource {
  readonly file: string;
  readonly text: string;
}

export interface CaddyProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** Caddy itself would refuse the file: its braces do not match. */
  readonly isRefused?: boolean;
}

/** The world a Caddyfile is read in. */
export interface CaddySurroundings {
  /** Environment of Caddy's own process; `undefined`: not set, or not known. */
  environment(name: string): string | undefined;
  /** Files of an `import` with a path or glob, in order of name; none when nothing matches. */
  readImport(pattern: string, from: string): Promise<readonly CaddySource[]>;
}

export interface Expanded {
  readonly tokens: readonly CaddyToken[];
  readonly problems: readonly CaddyProblem[];
  /** Environment variables without a value, where they were asked for. */
  readonly unresolved: readonly string[];
  readonly files: readonly string[];
}

/** `import` inside of imported text, and words after every import was put in. */
export const IMPORT_DEPTH_MAX = 20;
const EXPANDED_TOKENS_MAX = 400_000;
const IMPORTS_MAX = 5_000;
const PROBLEMS_MAX = 100;
/** A word after its arguments were filled in: nested imports may double it at every level. */
const ARGUMENT_CHARACTERS_MAX = 16_384;

interface State {
  readonly surroundings: CaddySurroundings;
  readonly snippets: Map<string, readonly CaddyToken[]>;
  readonly out: CaddyToken[];
  readonly problems: CaddyProblem[];
  readonly unresolved: Set<string>;
  readonly files: Set<string>;
  /** Braces open at the end of `out`: snippets are defined at level 0 only. */
  level: number;
  imports: number;
}

/**
 * The words of a Caddyfile with every `import` put in its place: snippets with their arguments,
 * files and globs. Snippets that nothing imports are left out, as Caddy does.
 */
export async function expandCaddyfile(
  source: CaddySource,
  surroundings: CaddySurroundings,
): Promise<Expanded> {
  const state: State = {
    surroundings,
    snippets: new Map(),
    out: [],
    problems: [],
    unresolved: new Set(),
    files: new Set(),
    level: 0,
    imports: 0,
  };
  await expand(state, tokensOf(state, source), 0);
  return {
    tokens: state.out,
    problems: state.problems,
    unresolved: [...state.unresolved],
    files: [...state.files],
  };
}

function tokensOf(state: State, { file, text }: CaddySource): readonly CaddyToken[] {
  state.files.add(file);
  const substituted = substituteEnvironment(text, (name) => state.surroundings.environment(name));
  for (const name of substituted.unresolved) state.unresolved.add(name);
  const { tokens, problem } = tokenizeCaddyfile(file, substituted, text);
  if (problem !== undefined) report(state, { file, ...problem });
  return tokens;
}

function report(state: State, problem: CaddyProblem): void {
  if (state.problems.length < PROBLEMS_MAX) state.problems.push(problem);
}

async function expand(state: State, tokens: readonly CaddyToken[], depth: number): Promise<void> {
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined || isFull(state, token)) return;
    const name = state.level === 0 ? snippetName(token, tokens[at + 1]) : undefined;
    if (name !== undefined) {
      const end = blockEnd(tokens, at + 1);
      state.snippets.set(name, tokens.slice(at + 2, end));
      at = end + 1;
    } else if (isImport(token)) {
      at = await importAt(state, tokens, at, depth);
    } else {
      state.level = levelAfter(state.level, token);
      state.out.push(token);
      at += 1;
    }
  }
}

function isFull(state: State, { file, line }: CaddyToken): boolean {
  if (state.out.length < EXPANDED_TOKENS_MAX) return false;
  report(state, { file, line, message: "too many words" });
  return true;
}

function levelAfter(level: number, token: CaddyToken): number {
  if (isBrace(token, "{")) return level + 1;
  return isBrace(token, "}") ? Math.max(0, level - 1) : level;
}

/** Whether a word is an unquoted brace of its own. */
export function isBrace(token: CaddyToken | undefined, brace: "{" | "}"): boolean {
  return token !== undefined && token.quote === "" && token.text === brace;
}

function isImport(token: CaddyToken): boolean {
  return token.startsLine && token.quote === "" && token.text === "import";
}

function snippetName(token: CaddyToken, next: CaddyToken | undefined): string | undefined {
  if (!token.startsLine || token.quote !== "" || !isBrace(next, "{")) return undefined;
  return /^\(([^()]+)\)$/.exec(token.text)?.[1];
}

/** Index of the `}` that closes the `{` at `open`, or the length when nothing does. */
function blockEnd(tokens: readonly CaddyToken[], open: number): number {
  let level = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isBrace(tokens[at], "{")) level += 1;
    if (isBrace(tokens[at], "}")) {
      level -= 1;
      if (level === 0) return at;
    }
  }
  return tokens.length;
}

interface Import {
  readonly target: CaddyToken | undefined;
  readonly args: readonly CaddyToken[];
  readonly block: readonly CaddyToken[];
  /** Index after it. */
  readonly after: number;
}

function readImportWords(tokens: readonly CaddyToken[], at: number): Import {
  let end = at + 1;
  while (tokens[end]?.startsLine === false && !isBrace(tokens[end], "{")) end += 1;
  const [target, ...args] = tokens.slice(at + 1, end);
  if (!isBrace(tokens[end], "{") || tokens[end]?.startsLine === true)
    return { target, args, block: [], after: end };
  const stop = blockEnd(tokens, end);
  return { target, args, block: tokens.slice(end + 1, stop), after: stop + 1 };
}

/** Puts in one `import`; returns the index after it. */
async function importAt(
  state: State,
  tokens: readonly CaddyToken[],
  at: number,
  depth: number,
): Promise<number> {
  const { target, args, block, after } = readImportWords(tokens, at);
  if (target === undefined) return after;
  const { file, line } = target;
  state.imports += 1;
  if (depth >= IMPORT_DEPTH_MAX || state.imports > IMPORTS_MAX) {
    report(state, { file, line, message: "imports are nested too deep or too many" });
    return after;
  }
  const snippet = state.snippets.get(target.text);
  if (snippet !== undefined) {
    await expand(state, withArguments(snippet, args, block), depth + 1);
    return after;
  }
  const sources = await state.surroundings.readImport(target.text, file);
  if (sources.length === 0 && !/[*?[]/.test(target.text))
    report(state, { file, line, message: `import ${target.text}: no such snippet or file` });
  for (const source of sources)
    await expand(state, withArguments(tokensOf(state, source), args, block), depth + 1);
  return after;
}

/** Fills in `{args[0]}`, `{args[1:]}`, the older `{args.0}`, and `{block}`. */
function withArguments(
  tokens: readonly CaddyToken[],
  args: readonly CaddyToken[],
  block: readonly CaddyToken[],
): readonly CaddyToken[] {
  return tokens.flatMap((token) => {
    if (token.quote === "" && token.text === "{block}") return block;
    const slice = /^\{args\[(\d{0,4}):(\d{0,4})\]\}$/.exec(token.text);
    if (slice !== null && token.quote === "")
      return args
        .slice(Number(slice[1] ?? 0), slice[2] === "" ? undefined : Number(slice[2]))
        .map((arg, index) => ({
          ...token,
          text: arg.text,
          startsLine: token.startsLine && index === 0,
        }));
    if (!token.text.includes("{args")) return token;
    const text = token.text.replaceAll(
      /\{args(?:\[(\d{1,4})\]|\.(\d{1,4}))\}/g,
      (whole, index: string | undefined, old: string | undefined) =>
        args[Number(index ?? old)]?.text ?? whole,
    );
    return { ...token, text: text.slice(0, ARGUMENT_CHARACTERS_MAX) };
  });
}
