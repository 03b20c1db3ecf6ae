import { ansiC } from "./bash-ansi-c.ts";
import { type Expansion, expandBash } from "./bash-expansion.ts";
import type { Scan } from "./scan.ts";

/** One word after quote removal; `end` is the offset behind it. */
export interface BashWord {
  readonly value: string;
  readonly runsCommand: boolean;
  readonly end: number;
}

interface Part {
  readonly text: string;
  readonly runsCommand: boolean;
  readonly end: number;
}

const WORD_ENDS = " \t\n;&|()<>";

/**
 * Reads the word at `from` with bash's quoting (bash 5.2, manual section 3.1.2). `undefined` when a
 * quote, brace or substitution is not closed.
 */
export function readBashWord(scan: Scan, from: number): BashWord | undefined {
  const { text } = scan;
  const parts: string[] = [];
  let runsCommand = false;
  let at = from;
  while (at < text.length && !WORD_ENDS.includes(text[at] ?? "")) {
    const part = readPart(scan, at, at === from);
    if (part === undefined) return undefined;
    parts.push(part.text);
    runsCommand ||= part.runsCommand;
    at = part.end;
  }
  return { value: parts.join(""), runsCommand, end: at };
}

function plain(text: string, end: number): Part {
  return { text, runsCommand: false, end };
}

function readPart(scan: Scan, at: number, isFirst: boolean): Part | undefined {
  const { text } = scan;
  const c = text[at];
  switch (c) {
    case "'": {
      const close = text.indexOf("'", at + 1);
      return close === -1 ? undefined : plain(text.slice(at + 1, close), close + 1);
    }
    case '"':
      return readDouble(scan, at + 1);
    case "\\":
      if (text[at + 1] === "\n") return plain("", at + 2);
      return plain(text[at + 1] ?? "", at + 2);
    case "`":
    case "$":
      return readDollar(scan, at, false);
    case "\0":
      return plain("", at + 1);
    default:
      if (c === "~" && isFirst) return tilde(scan, at);
      return plain(c ?? "", at + 1);
  }
}

/** Alone or before a slash it is the home directory, where that is known. */
function tilde(scan: Scan, at: number): Part {
  const isHome = /^(?:[/\s:;&|]|$)/.test(scan.text.slice(at + 1, at + 2));
  return plain(isHome ? (scan.lookup("HOME") ?? "~") : "~", at + 1);
}

function readDollar(scan: Scan, at: number, isQuoted: boolean): Part | undefined {
  const { text } = scan;
  if (text[at] === "$" && !isQuoted && text[at + 1] === "'") {
    const quoted = ansiC(text, at + 2);
    return quoted === undefined ? undefined : plain(quoted.value, quoted.end);
  }
  if (text[at] === "$" && !isQuoted && text[at + 1] === '"') return readDouble(scan, at + 2);
  const expansion: Expansion | undefined = expandBash(scan, at);
  if (expansion === undefined) return undefined;
  return { text: expansion.value, runsCommand: expansion.runsCommand, end: expansion.end };
}

/** Inside double quotes, `from` behind the opening one. */
function readDouble(scan: Scan, from: number): Part | undefined {
  const { text } = scan;
  const parts: string[] = [];
  let runsCommand = false;
  let at = from;
  while (at < text.length) {
    if (text[at] === '"') return { text: parts.join(""), runsCommand, end: at + 1 };
    const part = readDoublePart(scan, at);
    if (part === undefined) return undefined;
    parts.push(part.text);
    runsCommand ||= part.runsCommand;
    at = part.end;
  }
  return undefined;
}

function readDoublePart(scan: Scan, at: number): Part | undefined {
  const c = scan.text[at] ?? "";
  if (c === "$" || c === "`") return readDollar(scan, at, true);
  if (c === "\\") return plain(escapedInDouble(scan.text[at + 1]), at + 2);
  return plain(c === "\0" ? "" : c, at + 1);
}

function escapedInDouble(next: string | undefined): string {
  if (next === undefined) return "\\";
  if (next === "\n") return "";
  return '$`"\\'.includes(next) ? next : `\\${next}`;
}
