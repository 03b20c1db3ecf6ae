import { complain, mayExpand, type Scan } from "./scan.ts";
import { skipWhile } from "./whitespace.ts";

/** What `$...` or a backtick pair becomes; text unexecuted when a command would have to run. */
export interface Expansion {
  readonly value: string;
  readonly runsCommand: boolean;
  readonly end: number;
}

const BRACED = /^([A-Za-z_][A-Za-z0-9_]{0,255})(:?[-=+?])?/;
/** Nesting of brackets that is followed. */
const DEPTH_MAX = 64;

/** Expands at the `$` or backtick at `at`; `undefined` when its bracket is not closed. */
export function expandBash(scan: Scan, at: number): Expansion | undefined {
  const { text } = scan;
  if (text[at] === "`") return backticks(text, at);
  const next = text[at + 1];
  if (next === "(") {
    const isArithmetic = text[at + 2] === "(";
    const end = closing(text, at + 1);
    if (end === undefined) return undefined;
    if (isArithmetic) complain(scan, at, "bash computes this value");
    return { value: text.slice(at, end), runsCommand: !isArithmetic, end };
  }
  if (next === "{") return braced(scan, at);
  const end = skipWhile(text, at + 1, text.length, isNameCharacter);
  const name = text.slice(at + 1, end);
  if (/^[A-Za-z_]/.test(name)) return variable(scan, at, name, end);
  if (next !== undefined && /[0-9@*]/.test(next)) {
    return { value: "", runsCommand: false, end: at + 2 };
  }
  if (next !== undefined && "$?#!-".includes(next)) {
    complain(scan, at, "bash puts its own state here");
    return { value: text.slice(at, at + 2), runsCommand: false, end: at + 2 };
  }
  return { value: "$", runsCommand: false, end: at + 1 };
}

function isNameCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_]/.test(character);
}

function variableText(scan: Scan, name: string): string | undefined {
  return scan.values.get(name) ?? scan.lookup(name);
}

function variable(scan: Scan, at: number, name: string, end: number): Expansion {
  const value = variableText(scan, name) ?? "";
  if (mayExpand(scan, value.length)) return { value, runsCommand: false, end };
  complain(scan, at, "expands to more text than is read");
  return { value: scan.text.slice(at, end), runsCommand: false, end };
}

function backticks(text: string, at: number): Expansion | undefined {
  let end = at + 1;
  while (end < text.length && text[end] !== "`") end += text[end] === "\\" ? 2 : 1;
  if (end >= text.length) return undefined;
  return { value: text.slice(at, end + 1), runsCommand: true, end: end + 1 };
}

/** `${NAME}` with the operators `:-` `-` `:=` `=` `:+` `+` `:?` `?`; others keep their text. */
function braced(scan: Scan, at: number): Expansion | undefined {
  const { text } = scan;
  const end = closing(text, at + 1);
  if (end === undefined) return undefined;
  const inner = text.slice(at + 2, end - 1);
  const [whole, name = "", operator = ""] = BRACED.exec(inner) ?? [""];
  if (name === "" || (operator === "" && inner !== name)) {
    complain(scan, at, "bash computes this value");
    return { value: text.slice(at, end), runsCommand: false, end };
  }
  const wantsValue = operator.endsWith("+");
  const usesWord = operator !== "" && isThere(scan, name, operator) === wantsValue;
  if (usesWord) return alternative(scan, at, inner.slice(whole.length), end);
  return wantsValue ? { value: "", runsCommand: false, end } : variable(scan, at, name, end);
}

/** With a colon the empty text counts as not set. */
function isThere(scan: Scan, name: string, operator: string): boolean {
  const value = variableText(scan, name);
  return value !== undefined && (!operator.startsWith(":") || value !== "");
}

function alternative(scan: Scan, at: number, word: string, end: number): Expansion {
  if (/[$`'"\\]/.test(word)) complain(scan, at, "bash computes this value");
  return { value: word, runsCommand: /\$\(|`/.test(word), end };
}

const OPENERS: Readonly<Record<string, string>> = { "(": ")", "{": "}" };

/** Offset behind the bracket that closes the one at `open`; quotes hide brackets. */
function closing(text: string, open: number): number | undefined {
  const stack: string[] = [];
  let at: number | undefined = open;
  while (at !== undefined && at < text.length) {
    const c = text[at] ?? "";
    const closer = OPENERS[c];
    if (closer !== undefined) stack.push(closer);
    else if (c === stack.at(-1)) stack.pop();
    if (stack.length === 0) return at + 1;
    if (stack.length > DEPTH_MAX) return undefined;
    at = behind(text, at);
  }
  return undefined;
}

/** Offset behind one character, escaped pair or quoted text; `undefined` when a quote is open. */
function behind(text: string, at: number): number | undefined {
  const quote = text[at];
  if (quote === "\\") return at + 2;
  if (quote !== "'" && quote !== '"') return at + 1;
  let end = at + 1;
  while (end < text.length && text[end] !== quote)
    end += text[end] === "\\" && quote === '"' ? 2 : 1;
  return end < text.length ? end + 1 : undefined;
}
