import { programName } from "../command-line/simple-command.ts";

/** One command of a shell text, starters before it taken off. */
export interface ScriptCommand {
  /** From 0, within the text. */
  readonly line: number;
  /** Base name of the program: `pip-audit`. */
  readonly program: string;
  /** What follows it, quotes taken off. */
  readonly words: readonly string[];
  /** Why its failure is none: `|| true`. */
  readonly mayFail?: string;
}

/** Commands read of one text. */
export const SCRIPT_COMMANDS_MAX = 500;
/** Longest line that is read, in characters. */
const LINE_MAX = 4_000;

/** Programs that only start the next word, with the options of theirs that take a word. */
const STARTERS: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugpC]$/,
  env: /^-[uCS]$/,
  time: /^$/,
  nice: /^-n$/,
  exec: /^$/,
  command: /^$/,
  xargs: /^-[nPIL]$/,
  uvx: /^(?:--from|--with|--python|-p)$/,
  npx: /^(?:-p|--package)$/,
  pipx: /^(?:--spec|--python)$/,
  uv: /^(?:--with|--extra|--group|--python|-p|--directory|--project|--env-file)$/,
  poetry: /^(?:-C|--directory|-P|--project)$/,
  pdm: /^(?:-p|--project)$/,
  pipenv: /^$/,
  hatch: /^(?:-e|--env)$/,
  rye: /^$/,
};
const PYTHON = /^python[\d.]*$/;
const SUBCOMMANDS = /^(?:run|exec|tool|--|-c)$/;
const RESERVED = /^(?:if|then|elif|else|while|until|do|!|\{|\(|for|case)$/;

/** The commands of a script as a shell would run them; comments and texts for `echo` are none. */
export function scriptCommands(script: string): readonly ScriptCommand[] {
  const found: ScriptCommand[] = [];
  let isTolerant = false;
  for (const { text, line } of logicalLines(script)) {
    isTolerant = toleranceAfter(text, isTolerant);
    const isOpen = isTolerant;
    found.push(...commandsOf(text).flatMap((piece) => commandOf(piece, line, isOpen)));
    if (found.length >= SCRIPT_COMMANDS_MAX) break;
  }
  return found.slice(0, SCRIPT_COMMANDS_MAX);
}

function commandOf(piece: Piece, line: number, isTolerant: boolean): readonly ScriptCommand[] {
  const { program, words } = withoutStarters(piece.words);
  const mayFail = piece.mayFail ?? (isTolerant ? "set +e" : undefined);
  if (program === "") return [];
  return [{ line, program, words, ...(mayFail !== undefined && { mayFail }) }];
}

function toleranceAfter(line: string, before: boolean): boolean {
  if (/^\s*set\s+\+(?:\w*e|o\s+errexit)/.test(line)) return true;
  return /^\s*set\s+-\w*e/.test(line) ? false : before;
}

/** Lines with continuations joined, comments left out. */
function logicalLines(script: string): readonly { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [line, raw] of script.split("\n").entries()) {
    const text = raw.slice(0, LINE_MAX).replace(/\r$/, "");
    if (open === undefined && /^\s*#/.test(text)) continue;
    const current: { text: string; line: number } = open ?? { text: "", line };
    current.text += text.replace(/\\$/, " ");
    open = text.endsWith("\\") && current.text.length < LINE_MAX ? current : undefined;
    if (open === undefined) found.push(current);
  }
  return open === undefined ? found : [...found, open];
}

interface Piece {
  readonly words: readonly string[];
  readonly mayFail?: string;
}

const TOKEN =
  /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\|\||&&|[;|&\n]|(?<=^|\s)#.*)|((?:[^\s"'|&;\\]|\\.)+)|\s+/g;

/** Splits a line at `&&`, `||`, `;`, `|`; a command before `|| true` may fail. */
function commandsOf(line: string): readonly Piece[] {
  const pieces = piecesOf(line);
  return pieces.flatMap(({ words, end }, at) => {
    if (words.length === 0) return [];
    const [first = "", second] = end === "||" ? (pieces[at + 1]?.words ?? []) : [];
    const isHarmless =
      /^(?:true|:|echo|printf)$/.test(first) || (first === "exit" && second === "0");
    return [isHarmless ? { words, mayFail: `|| ${first}` } : { words }];
  });
}

interface OpenPiece {
  readonly words: string[];
  /** The operator behind it. */
  end: string;
}

function piecesOf(line: string): readonly OpenPiece[] {
  let current: OpenPiece = { words: [], end: "" };
  const pieces = [current];
  let isGlued = false;
  for (const [all, double, single, operator, bare] of line.matchAll(TOKEN)) {
    if (operator?.startsWith("#") === true) break;
    const word = double ?? single ?? bare;
    if (word !== undefined) addWord(current.words, word, isGlued);
    isGlued = word !== undefined && all.trim() !== "";
    if (operator === undefined) continue;
    current.end = operator;
    current = { words: [], end: "" };
    pieces.push(current);
  }
  return pieces;
}

/** `a"b"c` is one word. */
function addWord(words: string[], word: string, isGlued: boolean): void {
  const last = isGlued ? words.pop() : undefined;
  words.push((last ?? "") + word);
}

const STARTERS_MAX = 12;

function withoutStarters(given: readonly string[]): {
  readonly program: string;
  readonly words: readonly string[];
} {
  let words = given;
  for (let step = 0; step < STARTERS_MAX; step += 1) {
    const [first = "", second = "", third = ""] = words;
    const program = programName(first);
    if (RESERVED.test(first) || /^\w+=/.test(first)) words = words.slice(1);
    else if (PYTHON.test(program) && second === "-m")
      words = [third.replaceAll("_", "-"), ...words.slice(3)];
    else if (Object.hasOwn(STARTERS, program))
      words = afterOptions(words.slice(1), STARTERS[program]);
    else return { program, words: words.slice(1) };
  }
  return { program: "", words: [] };
}

function afterOptions(given: readonly string[], taking: RegExp | undefined): readonly string[] {
  let at = 0;
  for (; at < given.length; at += 1) {
    const word = given[at] ?? "";
    if (taking?.test(word) === true) at += 1;
    else if (!word.startsWith("-") && !SUBCOMMANDS.test(word) && !/^\w+=/.test(word)) break;
  }
  return given.slice(at);
}
