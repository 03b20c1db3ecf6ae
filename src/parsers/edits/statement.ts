import { type NginxStatement, type NginxTokenizer, tokenizeNginx } from "../nginx/tokenize.ts";

/** How statements of a file are told apart. `lines`: one a line, those indented below belong to it (YAML, HAProxy). */
export type EditLanguage = "nginx" | "caddyfile" | "apache" | "lines";

/** Where a statement stands in its text, in UTF-16 code units. */
export interface Extent {
  readonly start: number;
  /** Behind its last character: `;`, `}`, the last of its line. */
  readonly end: number;
  /** Where the block's content begins: behind its `{`, behind the line that opens it. */
  readonly bodyStart?: number;
}

/** Finds the statement that begins at a line (from 1) and column (from 1; absent: the first of the line). */
export type StatementFinder = (line: number, column: number | undefined) => Extent | undefined;

/** A finder over one text. Linear in the text for nginx, in the statement for the others. */
export function statementFinder(text: string, language: EditLanguage): StatementFinder {
  if (language === "nginx") return nginxFinder(text);
  const lines = linesOf(text);
  return (line) => lineStatement(lines, line, language);
}

function nginxFinder(text: string): StatementFinder {
  const starts = lineStarts(text);
  let all: ReadonlyMap<number, Extent> | undefined;
  const indexed = (first: number, end: number): Extent | undefined => {
    all ??= nginxStatements(text, (line, column) => (starts[line - 1] ?? 0) + column - 1);
    for (let at = first; at < end; at += 1) {
      const found = all.get(at);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return (line, column) => {
    const from = starts[line - 1] ?? text.length;
    const end = starts[line] ?? text.length;
    if (column === undefined) return indexed(from, end);
    const at = from + column - 1;
    if (at >= end) return undefined;
    // Where a statement may begin, it alone is read; else all of them are, to be sure.
    return isBehindStatement(text, at) ? nginxStatementAt(text, at) : indexed(at, at + 1);
  };
}

/** Whether what stands before, blanks and lines of comment aside, ends a statement or begins a block. */
function isBehindStatement(text: string, at: number): boolean {
  for (let end = at; ; ) {
    while (end > 0 && /\s/.test(text.charAt(end - 1))) end -= 1;
    if (end === 0) return true;
    const line = text.slice(text.lastIndexOf("\n", end - 1) + 1, end);
    if (!line.trimStart().startsWith("#")) return /[;{}]/.test(text.charAt(end - 1));
    end -= line.length;
  }
}

/** The statement that begins there; `undefined` for a block that is never closed. */
function nginxStatementAt(text: string, start: number): Extent | undefined {
  const tokenizer = tokenizeNginx(text.slice(start), "");
  const first = tokenizer.next();
  if (first.kind === "close" || first.kind === "end") return undefined;
  if (first.at.line !== 1 || first.at.column !== 1) return undefined;
  const behind = (): number => start + tokenizer.offset();
  const kind = luaSkipped(tokenizer, first);
  if (kind !== "block") return { start, end: behind() };
  const bodyStart = behind();
  return skipBlock(tokenizer) ? { start, end: behind(), bodyStart } : undefined;
}

/** Reads up to the `}` of the block whose `{` was read last; false where the text ends before. */
function skipBlock(tokenizer: NginxTokenizer): boolean {
  for (let depth = 1; depth > 0; ) {
    const kind = luaSkipped(tokenizer, tokenizer.next());
    if (kind === "end") return false;
    if (kind === "close") depth -= 1;
    else if (kind === "block") depth += 1;
  }
  return true;
}

/** What a statement is; a Lua block, whose body is no statements, is read over as a simple one. */
function luaSkipped(tokenizer: NginxTokenizer, statement: NginxStatement): NginxStatement["kind"] {
  if (statement.kind !== "block") return statement.kind;
  if (statement.words[0]?.text.endsWith("_by_lua_block") !== true) return "block";
  tokenizer.skipLua();
  return "simple";
}

/** Every statement of the text by where it begins. One that is never closed is left out. */
function nginxStatements(
  text: string,
  offsetOf: (line: number, column: number) => number,
): ReadonlyMap<number, Extent> {
  const byStart = new Map<number, Extent>();
  const open: { readonly start: number; readonly bodyStart: number }[] = [];
  const tokenizer = tokenizeNginx(text, "");
  for (let next = tokenizer.next(); next.kind !== "end"; next = tokenizer.next()) {
    if (next.kind === "close") {
      const block = open.pop();
      if (block !== undefined) byStart.set(block.start, { ...block, end: tokenizer.offset() });
      continue;
    }
    const start = offsetOf(next.at.line, next.at.column);
    const isLua = next.words[0]?.text.endsWith("_by_lua_block") === true;
    if (next.kind === "block" && !isLua) {
      open.push({ start, bodyStart: tokenizer.offset() });
      continue;
    }
    if (next.kind === "block") tokenizer.skipLua();
    byStart.set(start, { start, end: tokenizer.offset() });
  }
  return byStart;
}

/** Where each line begins. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let feed = text.indexOf("\n"); feed !== -1; feed = text.indexOf("\n", feed + 1)) {
    starts.push(feed + 1);
  }
  return starts;
}

/** One line of a text. */
interface Line {
  readonly start: number;
  /** Before its line break. */
  readonly end: number;
  readonly text: string;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const feed = text.indexOf("\n", start);
    const next = feed === -1 ? text.length : feed;
    const end = next > start && text.charCodeAt(next - 1) === 0x0d ? next - 1 : next;
    lines.push({ start, end, text: text.slice(start, end) });
    start = next + 1;
  }
  return lines;
}

function lineStatement(
  lines: readonly Line[],
  line: number,
  language: Exclude<EditLanguage, "nginx">,
): Extent | undefined {
  const first = lines[line - 1];
  if (first === undefined || first.text.trim() === "") return undefined;
  const start = first.start + indentOf(first.text).length;
  const head = continued(lines, line - 1);
  const last = lastLine(lines, line - 1, head, language);
  const end = trimmedEnd(lines[last] ?? first);
  return opensBlock(first.text, last > head, language)
    ? { start, end, bodyStart: trimmedEnd(lines[head] ?? first) }
    : { start, end };
}

function trimmedEnd({ start, text }: Line): number {
  return start + text.trimEnd().length;
}

/** The last line of a statement that `\` at the end of a line carries on. */
function continued(lines: readonly Line[], first: number): number {
  let at = first;
  while (lines[at]?.text.endsWith("\\") === true && at + 1 < lines.length) at += 1;
  return at;
}

function opensBlock(
  text: string,
  hasMore: boolean,
  language: Exclude<EditLanguage, "nginx">,
): boolean {
  switch (language) {
    case "caddyfile":
      return opensBraces(text);
    case "apache":
      return APACHE_OPEN.test(text);
    case "lines":
      return hasMore;
  }
}

const APACHE_OPEN = /^\s{0,200}<([A-Za-z]+)/;

function opensBraces(text: string): boolean {
  return /(?:^|\s)\{\s*(?:#.*)?$/.test(text);
}

function lastLine(
  lines: readonly Line[],
  first: number,
  head: number,
  language: Exclude<EditLanguage, "nginx">,
): number {
  switch (language) {
    case "caddyfile":
      return lastOfNest(lines, head, opensBraces, (text) => /^\s*\}/.test(text));
    case "apache": {
      const name = APACHE_OPEN.exec(lines[first]?.text ?? "")?.[1];
      if (name === undefined) return head;
      const isOpen = (text: string) =>
        APACHE_OPEN.exec(text)?.[1]?.toLowerCase() === name.toLowerCase();
      const isClose = (text: string) =>
        text.trim().toLowerCase().startsWith(`</${name.toLowerCase()}>`);
      return lastOfNest(lines, head, isOpen, isClose);
    }
    case "lines":
      return lastIndented(lines, head);
  }
}

/** The line that closes what `from` opens; `from` itself where it opens nothing or is never closed. */
function lastOfNest(
  lines: readonly Line[],
  from: number,
  isOpen: (text: string) => boolean,
  isClose: (text: string) => boolean,
): number {
  let depth = 0;
  for (let at = from; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? "";
    if (at > from && isClose(text)) depth -= 1;
    if (isOpen(text)) depth += 1;
    if (depth <= 0) return at;
  }
  return from;
}

/** Lines indented deeper than the first, blank ones between them too. */
function lastIndented(lines: readonly Line[], from: number): number {
  const own = indentOf(lines[from]?.text ?? "").length;
  let last = from;
  for (let at = from + 1; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? "";
    if (text.trim() === "") continue;
    if (indentOf(text).length <= own) break;
    last = at;
  }
  return last;
}

/** The blanks a line begins with. */
export function indentOf(text: string): string {
  return /^[ \t]*/.exec(text)?.[0] ?? "";
}
