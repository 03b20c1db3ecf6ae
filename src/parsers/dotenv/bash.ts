import { type BashWord, readBashWord } from "./bash-word.ts";
import { complain, keep, mayExpand, type Scan } from "./scan.ts";

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/;
const NAME_LENGTH_MAX = 256;
/** Commands whose arguments are assignments of the shell itself. */
const DECLARATIONS: ReadonlySet<string> = new Set(["export", "declare", "readonly", "typeset"]);

interface Assignment {
  readonly key: string;
  readonly word: BashWord;
  readonly at: number;
  readonly raw: readonly [number, number];
  /** What the variable held before, to be put back when the assignment was for one command only. */
  readonly before: string | undefined;
}

/**
 * A file that bash sources (`set -a; . file`). Assignments only: other commands are noted, not run,
 * and a value that needs one keeps its text. As bash does, a word behind an assignment makes it an
 * assignment for that command alone (`M = v`, `A=one two`), and reading ends at a quote that is open.
 */
export function readBash(scan: Scan): void {
  const line: Assignment[] = [];
  let at = 0;
  let isSkipped = false;
  while (at < scan.text.length) {
    const command = readCommand(scan, at);
    if (command === undefined) return;
    const { assignments, terminator, isAssignmentOnly } = command;
    if (!isSkipped && terminator !== "|" && terminator !== "&") line.push(...assignments);
    // What stands on one line is run together, so an error later in it undoes all of it.
    const isLineEnd = terminator === "\n" || terminator === "";
    if (isLineEnd && !line.splice(0).every((assignment) => store(scan, assignment))) return;
    isSkipped = terminator === "||" && isAssignmentOnly;
    at = command.end;
  }
  for (const assignment of line) store(scan, assignment);
}

function store(scan: Scan, { key, word, at, raw }: Assignment): boolean {
  return keep(scan, key, word.value, at, raw, word.runsCommand);
}

interface Command {
  /** Those that stay in the shell. */
  readonly assignments: readonly Assignment[];
  /** No command word: it cannot fail. */
  readonly isAssignmentOnly: boolean;
  readonly terminator: string;
  readonly end: number;
}

/** One simple command up to its terminator; `undefined` where bash gives up with a syntax error. */
function readCommand(scan: Scan, start: number): Command | undefined {
  const found: Assignment[] = [];
  let commandWord: string | undefined;
  let at = skipBlanks(scan.text, start);
  let end = terminatorAt(scan.text, at);
  while (end === undefined) {
    const item = readItem(scan, at, commandWord);
    if (item === undefined) return undefined;
    if ("key" in item) found.push(item);
    else if (commandWord === undefined) {
      undo(scan, found);
      commandWord = item.value;
    }
    at = skipBlanks(scan.text, "key" in item ? item.raw[1] : item.end);
    end = terminatorAt(scan.text, at);
  }
  return finished(scan, start, found, commandWord, end);
}

/** A command that is not there is a syntax error before anything but a line end. */
function finished(
  scan: Scan,
  start: number,
  found: readonly Assignment[],
  commandWord: string | undefined,
  end: { readonly terminator: string; readonly end: number },
): Command | undefined {
  const isAssignmentOnly = commandWord === undefined;
  if (isAssignmentOnly && found.length === 0 && end.terminator.trim() !== "") {
    complain(scan, start, "bash stops at a syntax error");
    return undefined;
  }
  const isKept = isAssignmentOnly || DECLARATIONS.has(commandWord);
  if (!isKept) complain(scan, start, "bash runs a command here");
  return { assignments: isKept ? found : [], isAssignmentOnly, ...end };
}

/** An assignment, or a word of a command. */
function readItem(
  scan: Scan,
  at: number,
  commandWord: string | undefined,
): Assignment | BashWord | undefined {
  if (commandWord === undefined || DECLARATIONS.has(commandWord)) {
    const assignment = assignmentAt(scan, at);
    if (assignment === "broken") return undefined;
    if (assignment !== undefined) return assignment;
  }
  const word = readBashWord(scan, at);
  if (word !== undefined && word.end > at) {
    return (commandWord !== undefined && declared(scan, word, commandWord, at)) || word;
  }
  complain(scan, at, "bash stops at a syntax error");
  return undefined;
}

function assignmentAt(scan: Scan, at: number): Assignment | "broken" | undefined {
  const match = ASSIGNMENT.exec(scan.text.slice(at, at + NAME_LENGTH_MAX));
  if (match?.[1] === undefined) return undefined;
  const from = at + match[0].length;
  const word = scan.text[from] === "(" ? undefined : readBashWord(scan, from);
  if (word === undefined) {
    complain(scan, at, "bash stops here: a quote is not closed, or the value is a list");
    return "broken";
  }
  const key = match[1];
  const before = scan.values.get(key);
  const head = match[2] === "+" ? (before ?? scan.lookup(key) ?? "") : "";
  if (head !== "" && !mayExpand(scan, head.length)) return "broken";
  const joined = head === "" ? word : { ...word, value: head + word.value };
  scan.values.set(key, joined.value);
  return { key, word: joined, at, raw: [from, word.end], before };
}

/** `export "A=1"`: no assignment by its form, yet the command makes it one. */
function declared(
  scan: Scan,
  word: BashWord,
  commandWord: string,
  at: number,
): Assignment | undefined {
  const match = DECLARATIONS.has(commandWord) ? ASSIGNMENT.exec(word.value) : null;
  if (match?.[1] === undefined || match[2] === "+") return undefined;
  const value = word.value.slice(match[0].length);
  const before = scan.values.get(match[1]);
  scan.values.set(match[1], value);
  return { key: match[1], word: { ...word, value }, at, raw: [at, word.end], before };
}

function undo(scan: Scan, assignments: Assignment[]): void {
  for (const { key, before } of assignments.splice(0).reverse()) {
    if (before === undefined) scan.values.delete(key);
    else scan.values.set(key, before);
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text[at] === " " || text[at] === "\t") at += 1;
    else if (text[at] === "\\" && text[at + 1] === "\n") at += 2;
    else return at;
  }
}

/** The terminator at `at`; a comment belongs to it. */
function terminatorAt(
  text: string,
  at: number,
): { readonly terminator: string; readonly end: number } | undefined {
  const c = text[at];
  if (c === undefined) return { terminator: "", end: at };
  if (c === "#") {
    const feed = text.indexOf("\n", at);
    return { terminator: "\n", end: feed === -1 ? text.length : feed + 1 };
  }
  if (c === "\n" || c === ";") return { terminator: c, end: at + 1 };
  if (c !== "&" && c !== "|") return undefined;
  const isDouble = text[at + 1] === c;
  return { terminator: isDouble ? c + c : c, end: at + (isDouble ? 2 : 1) };
}
