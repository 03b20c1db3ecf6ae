import {
  type NginxPosition,
  type NginxProblem,
  type NginxStatement,
  type NginxTokenizer,
  type NginxWord,
  PROBLEMS_MAX,
  TEXT_LENGTH_MAX,
  tokenizeNginx,
} from "./tokenize.ts";

/** Blocks inside each other. Real files need 7 (`http server location location location if`). */
export const BLOCK_DEPTH_MAX = 64;
/** Directives of one file; 200 virtual hosts have some 9,000. */
export const DIRECTIVES_MAX = 500_000;

/**
 * One directive, known to this reader or not, with its block where it has one.
 * Entries of `map`, `geo`, `types` blocks are directives too: the key is the `name`.
 * The position is that of the name.
 */
export interface NginxDirective extends NginxPosition {
  readonly name: string;
  readonly args: readonly NginxWord[];
  /** Present, perhaps empty, exactly where the directive has `{ }`. */
  readonly block?: readonly NginxDirective[];
  /** The body of a `*_by_lua_block`, which is Lua and no configuration; `block` is then empty. */
  readonly lua?: string;
}

/** One file, or a whole configuration once its includes are expanded. */
export interface NginxTree {
  readonly file: string;
  readonly directives: readonly NginxDirective[];
  readonly problems: readonly NginxProblem[];
}

/** Parses one file. Includes stay directives (see `expandIncludes`). Never throws; time is linear. */
export function parseNginx(text: string, file: string): NginxTree {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = `The file has ${text.length} characters, more than the ${TEXT_LENGTH_MAX} read`;
    return {
      file,
      directives: [],
      problems: [{ kind: "limit", message, file, line: 1, column: 1 }],
    };
  }
  return buildTree(tokenizeNginx(text, file), file);
}

/** A directive as one line, without its block: for excerpts. Holds what the file holds, secrets too. */
export function directiveText({ name, args, block }: NginxDirective): string {
  return [name, ...args.map(wordText)].join(" ") + (block === undefined ? ";" : " {");
}

interface OpenBlock {
  readonly directive: NginxDirective;
  readonly children: NginxDirective[];
}

interface Builder {
  readonly root: NginxDirective[];
  readonly open: OpenBlock[];
  readonly problems: NginxProblem[];
  count: number;
  /** Blocks open below the depth limit, whose content is dropped. */
  tooDeep: number;
}

function buildTree(tokenizer: NginxTokenizer, file: string): NginxTree {
  const builder: Builder = { root: [], open: [], problems: [], count: 0, tooDeep: 0 };
  while (addStatement(builder, tokenizer)) {
    // Each call takes at least one character, or is the last.
  }
  for (const { directive } of builder.open) {
    const message = `The block of "${shortened(directive.name)}" is never closed`;
    note(builder, positionOf(directive), "syntax", message);
  }
  const problems = [...tokenizer.problems, ...builder.problems];
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { file, directives: builder.root, problems };
}

/** Whether there may be more. */
function addStatement(builder: Builder, tokenizer: NginxTokenizer): boolean {
  const statement = tokenizer.next();
  if (statement.kind === "end") return false;
  if (statement.kind === "close") {
    closeBlock(builder, statement.at);
    return true;
  }
  if (builder.count >= DIRECTIVES_MAX) {
    const message = `More than ${DIRECTIVES_MAX} directives: what begins here is not read`;
    note(builder, statement.at, "limit", message);
    return false;
  }
  builder.count += 1;
  const directive = directiveOf(statement);
  if (statement.kind === "simple") addSimple(builder, directive);
  else if (directive.name.endsWith("_by_lua_block")) addLua(builder, directive, tokenizer);
  else openBlock(builder, directive);
  return true;
}

function directiveOf({ words, at }: Extract<NginxStatement, { words: unknown }>): NginxDirective {
  const { file, line, column } = at;
  return { name: words[0]?.text ?? "", args: words.slice(1), file, line, column };
}

function note(
  { problems }: Builder,
  at: NginxPosition,
  kind: NginxProblem["kind"],
  message: string,
): void {
  if (problems.length < PROBLEMS_MAX) problems.push({ kind, message, ...at });
}

function siblings({ open, root }: Builder): NginxDirective[] {
  return open.at(-1)?.children ?? root;
}

function closeBlock(builder: Builder, at: NginxPosition): void {
  if (builder.tooDeep > 0) builder.tooDeep -= 1;
  else if (builder.open.pop() === undefined) {
    note(builder, at, "syntax", 'Unexpected "}": no block is open');
  }
}

function addSimple(builder: Builder, directive: NginxDirective): void {
  if (builder.tooDeep === 0) siblings(builder).push(directive);
}

function addLua(builder: Builder, directive: NginxDirective, tokenizer: NginxTokenizer): void {
  const lua = tokenizer.skipLua();
  if (lua === undefined) {
    const message = `The Lua block of "${shortened(directive.name)}" is never closed`;
    note(builder, positionOf(directive), "syntax", message);
  }
  addSimple(builder, { ...directive, block: [], lua: lua ?? "" });
}

function openBlock(builder: Builder, directive: NginxDirective): void {
  if (builder.open.length < BLOCK_DEPTH_MAX) {
    const children: NginxDirective[] = [];
    const opened = { ...directive, block: children };
    siblings(builder).push(opened);
    builder.open.push({ directive: opened, children });
    return;
  }
  if (builder.tooDeep === 0) {
    const message = `More than ${BLOCK_DEPTH_MAX} blocks inside each other: this one is not read`;
    note(builder, positionOf(directive), "limit", message);
  }
  builder.tooDeep += 1;
}

function positionOf({ file, line, column }: NginxPosition): NginxPosition {
  return { file, line, column };
}

function wordText({ text, quote }: NginxWord): string {
  if (quote === "none") return text;
  const mark = quote === "double" ? '"' : "'";
  return mark + text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`) + mark;
}

const NAME_LENGTH_MAX = 40;

function shortened(name: string): string {
  return name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX)}…`;
}
