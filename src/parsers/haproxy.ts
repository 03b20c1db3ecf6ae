/** One word of a line. */
export interface HaproxyWord {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** A keyword with its words. `no` and `default` before a keyword are kept as its first word. */
export interface HaproxyLine {
  readonly keyword: string;
  readonly args: readonly HaproxyWord[];
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Stands between `.if` and `.endif`: whether it is active was not decided. */
  readonly isConditional: boolean;
}

export interface HaproxySection {
  /** `global`, `defaults`, `frontend`, `backend`, `listen`, `resolvers`, `peers`, `userlist` ... */
  readonly kind: string;
  /** Empty for a section without a name. */
  readonly name: string;
  /** `from NAME`, else the nearest unnamed or named `defaults` above; index into `sections`. */
  readonly defaults: number | undefined;
  readonly lines: readonly HaproxyLine[];
  readonly file: string;
  readonly line: number;
}

export interface HaproxyConfiguration {
  readonly sections: readonly HaproxySection[];
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly message: string;
  }[];
}

/** Words on one line (haproxy's own MAX_LINE_ARGS is 64; extra words there are an error). */
export const LINE_WORDS_MAX = 256;
const LINES_MAX = 100_000;
/** haproxy's own LINESIZE is 2 KiB unless built otherwise; what is past this is cut off. */
const LINE_CHARACTERS_MAX = 65_536;
/** `${NAME-default}` as a whole. */
const VARIABLE_CHARACTERS_MAX = 1_024;
/** `defaults` from `defaults`. */
const DEFAULTS_DEPTH_MAX = 64;
const PROBLEMS_MAX = 100;

/** Keywords that begin a section (haproxy 2.6 to 3.2 configuration manuals, section 2.3 and on). */
const SECTIONS = new Set([
  "global",
  "defaults",
  "frontend",
  "backend",
  "listen",
  "resolvers",
  "peers",
  "mailers",
  "userlist",
  "http-errors",
  "cache",
  "ring",
  "log-forward",
  "program",
  "fcgi-app",
  "crt-store",
  "log-profile",
  "traces",
  "acme",
]);

/** Sections that take settings from a `defaults` section. */
const PROXY_SECTIONS = new Set(["defaults", "frontend", "backend", "listen"]);

interface Draft {
  readonly sections: (Omit<HaproxySection, "lines"> & { readonly lines: HaproxyLine[] })[];
  readonly problems: { file: string; line: number; message: string }[];
  /** Index of the last `defaults` section of each name, and of any. */
  readonly defaults: Map<string, number>;
  lastDefaults: number | undefined;
  /** `.if` without its `.endif` so far. */
  conditions: number;
}

/**
 * Reads haproxy's configuration files in the order haproxy is given them (`-f`, repeated).
 *
 * Quoting follows section 2.2 of the manual: `#` ends a line outside of quotes, `\` escapes, `"`
 * takes escapes and variables, `'` takes nothing. `${NAME}` is filled in from `environment` where
 * that knows it and stays as written otherwise. `.if` is not evaluated: its lines are marked.
 */
export function parseHaproxy(
  sources: readonly { readonly file: string; readonly text: string }[],
  environment: (name: string) => string | undefined = () => undefined,
): HaproxyConfiguration {
  const draft: Draft = {
    sections: [],
    problems: [],
    defaults: new Map(),
    lastDefaults: undefined,
    conditions: 0,
  };
  for (const { file, text } of sources) {
    const lines = text.replace(/^\uFEFF/, "").split("\n");
    if (lines.length > LINES_MAX) report(draft, file, LINES_MAX, "too many lines");
    for (const [index, line] of lines.slice(0, LINES_MAX).entries())
      readLine(
        draft,
        { file, line: index + 1, text: line.replace(/\r$/, "").slice(0, LINE_CHARACTERS_MAX) },
        environment,
      );
  }
  return { sections: draft.sections, problems: draft.problems };
}

function report(draft: Draft, file: string, line: number, message: string): void {
  if (draft.problems.length < PROBLEMS_MAX) draft.problems.push({ file, line, message });
}

function readLine(
  draft: Draft,
  { file, line, text }: { file: string; line: number; text: string },
  environment: (name: string) => string | undefined,
): void {
  const { words, problem } = splitHaproxyLine(text, environment);
  if (problem !== undefined) report(draft, file, line, problem);
  const [first, ...args] = words;
  if (first === undefined) return;
  const keyword = first.text;
  if (keyword.startsWith(".")) {
    if (keyword === ".if") draft.conditions += 1;
    if (keyword === ".endif") draft.conditions = Math.max(0, draft.conditions - 1);
    return;
  }
  if (SECTIONS.has(keyword)) {
    openSection(draft, keyword, args, file, line);
    return;
  }
  const section = draft.sections.at(-1);
  if (section === undefined)
    report(draft, file, line, `${keyword.slice(0, 80)} stands before any section`);
  else
    section.lines.push({
      keyword,
      args,
      file,
      line,
      column: first.column,
      isConditional: draft.conditions > 0,
    });
}

function openSection(
  draft: Draft,
  kind: string,
  args: readonly HaproxyWord[],
  file: string,
  line: number,
): void {
  const words = args.map(({ text }) => text);
  const name = words[0] === "from" ? "" : (words[0] ?? "");
  const from = words.indexOf("from");
  const parent = from === -1 ? undefined : words[from + 1];
  draft.sections.push({
    kind,
    name,
    defaults: PROXY_SECTIONS.has(kind) ? defaultsFor(draft, kind, parent) : undefined,
    lines: [],
    file,
    line,
  });
  if (kind !== "defaults") return;
  draft.lastDefaults = draft.sections.length - 1;
  draft.defaults.set(name, draft.lastDefaults);
}

/** A `defaults` section inherits only with `from`; the others also take the last one above. */
function defaultsFor(draft: Draft, kind: string, parent: string | undefined): number | undefined {
  if (parent !== undefined) return draft.defaults.get(parent);
  return kind === "defaults" ? undefined : draft.lastDefaults;
}

/**
 * The last line of `keyword` that is in force in a section: its own, else that of its `defaults`,
 * followed up. `undefined` when none says it.
 */
export function effectiveLine(
  { sections }: HaproxyConfiguration,
  section: HaproxySection,
  keyword: string,
): HaproxyLine | undefined {
  let current: HaproxySection | undefined = section;
  for (let depth = 0; current !== undefined && depth <= DEFAULTS_DEPTH_MAX; depth += 1) {
    const own = current.lines.findLast((line) => line.keyword === keyword);
    if (own !== undefined) return own;
    current = current.defaults === undefined ? undefined : sections[current.defaults];
  }
  return undefined;
}

interface Splitter {
  readonly text: string;
  at: number;
  quote: "" | '"' | "'";
  word: string;
  start: number;
  isDone: boolean;
}

/** Splits one line into words; exported for rules that look into a word's own quoting. */
export function splitHaproxyLine(
  text: string,
  environment: (name: string) => string | undefined,
): { readonly words: readonly HaproxyWord[]; readonly problem?: string } {
  const words: HaproxyWord[] = [];
  const state: Splitter = { text, at: 0, quote: "", word: "", start: -1, isDone: false };
  while (state.at < text.length && !state.isDone) {
    step(state, words, environment);
    if (words.length >= LINE_WORDS_MAX) return { words, problem: "too many words on one line" };
  }
  endWord(state, words);
  return state.quote === "" ? { words } : { words, problem: "a quote has no end" };
}

function endWord(state: Splitter, words: HaproxyWord[]): void {
  if (state.start !== -1) words.push({ text: state.word, column: state.start + 1 });
  state.word = "";
  state.start = -1;
}

function step(
  state: Splitter,
  words: HaproxyWord[],
  environment: (name: string) => string | undefined,
): void {
  const character = state.text.charAt(state.at);
  if (state.quote === "" && character === "#") {
    state.isDone = true;
  } else if (state.quote === "" && /\s/.test(character)) {
    endWord(state, words);
    state.at += 1;
  } else if (isQuoteMark(state, character)) {
    if (state.start === -1) state.start = state.at;
    state.quote = state.quote === "" ? (character as '"' | "'") : ""; // isQuoteMark saw which
    state.at += 1;
  } else {
    if (state.start === -1) state.start = state.at;
    state.word += takeCharacter(state, character, environment);
  }
}

function isQuoteMark({ quote }: Splitter, character: string): boolean {
  if (character !== '"' && character !== "'") return false;
  return quote === "" || quote === character;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function takeCharacter(
  state: Splitter,
  character: string,
  environment: (name: string) => string | undefined,
): string {
  const { text, at } = state;
  if (state.quote !== "'" && character === "\\" && at + 1 < text.length) {
    state.at += 2;
    const escaped = text.charAt(at + 1);
    return ESCAPES[escaped] ?? escaped;
  }
  const end = character === "$" && state.quote !== "'" ? variableEnd(text, at) : -1;
  if (end === -1) {
    state.at += 1;
    return character;
  }
  state.at = end;
  const written = text.slice(at, end);
  const [name = "", fallback] = written
    .replace(/^\$\{?/, "")
    .replace(/\}$/, "")
    .split("-", 2);
  return environment(name.replace(/\[\*\]$/, "")) ?? fallback ?? written;
}

/** Index after `${NAME}` or `${NAME-default}`; -1 when it is neither. */
function variableEnd(text: string, at: number): number {
  if (text.charAt(at + 1) !== "{") return -1;
  const end = text.slice(at, at + VARIABLE_CHARACTERS_MAX).indexOf("}");
  return end === -1 ? -1 : at + end + 1;
}
