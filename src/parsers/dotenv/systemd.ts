import { complain, keep, type Scan } from "./scan.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BLANKS = " \t\n\r";
/** What a backslash takes its meaning from inside double quotes (`SHELL_NEED_ESCAPE`). */
const ESCAPABLE = '"\\`$';

type State =
  | "pre-key"
  | "key"
  | "pre-value"
  | "value"
  | "value-escape"
  | "single"
  | "double"
  | "double-escape"
  | "comment"
  | "comment-escape";

interface Machine {
  readonly scan: Scan;
  state: State;
  keyAt: number;
  valueAt: number;
  key: string;
  /** Pieces of the value; joined when the assignment ends. */
  value: string[];
  /** Pieces up to the last one that is not trailing white space. */
  kept: number;
  isFull: boolean;
}

/**
 * systemd `EnvironmentFile=` (v254 and later, `src/basic/env-file.c`): no `export`, no expansion, no
 * inline comments; `#` and `;` begin a comment line; quotes may be joined; a backslash joins lines.
 * Names that are no identifiers are dropped, as the service manager does. NUL ends the text (the
 * manager refuses the whole file then).
 */
export function readSystemd(scan: Scan): void {
  const { text } = scan;
  const nul = text.indexOf("\0");
  if (nul !== -1) complain(scan, nul, "systemd refuses a file with a NUL byte");
  const end = nul === -1 ? text.length : nul;
  const machine: Machine = {
    scan,
    state: "pre-key",
    keyAt: 0,
    valueAt: 0,
    key: "",
    value: [],
    kept: 0,
    isFull: false,
  };
  for (let at = 0; at < end && !machine.isFull; at += 1) step(machine, text[at] ?? "", at);
  if (!["pre-key", "key", "comment", "comment-escape"].includes(machine.state)) {
    if (machine.state === "single" || machine.state === "double") {
      complain(scan, machine.keyAt, "a quote is not closed before the end of the file");
    }
    push(machine, end);
  }
}

function step(machine: Machine, c: string, at: number): void {
  switch (machine.state) {
    case "pre-key":
      beforeKey(machine, c, at);
      return;
    case "key":
      inKey(machine, c, at);
      return;
    case "pre-value":
      beforeValue(machine, c, at);
      return;
    case "value":
      inValue(machine, c, at);
      return;
    case "value-escape":
      machine.state = "value";
      if (!isLineEnd(c)) add(machine, c, true);
      return;
    case "single":
      inQuotes(machine, c, "'");
      return;
    case "double":
      inQuotes(machine, c, '"');
      return;
    case "double-escape":
      machine.state = "double";
      if (c !== "\n") add(machine, ESCAPABLE.includes(c) ? c : `\\${c}`, true);
      return;
    case "comment":
      inComment(machine, c);
      return;
    case "comment-escape":
      machine.state = isLineEnd(c) ? "pre-key" : "comment";
      return;
  }
}

function isLineEnd(c: string): boolean {
  return c === "\n" || c === "\r";
}

function beforeKey(machine: Machine, c: string, at: number): void {
  if (c === "#" || c === ";") machine.state = "comment";
  else if (!BLANKS.includes(c)) {
    machine.state = "key";
    machine.keyAt = at;
  }
}

function inComment(machine: Machine, c: string): void {
  if (c === "\\") machine.state = "comment-escape";
  else if (isLineEnd(c)) machine.state = "pre-key";
}

function inQuotes(machine: Machine, c: string, quote: string): void {
  if (c === quote) machine.state = "pre-value";
  else if (c === "\\" && quote === '"') machine.state = "double-escape";
  else add(machine, c, true);
}

function inKey(machine: Machine, c: string, at: number): void {
  if (isLineEnd(c)) {
    machine.state = "pre-key";
    complain(machine.scan, machine.keyAt, "systemd ignores a line without =");
  } else if (c === "=") {
    machine.state = "pre-value";
    machine.key = machine.scan.text.slice(machine.keyAt, at).replace(/[ \t]+$/, "");
    machine.valueAt = at + 1;
    machine.value = [];
    machine.kept = 0;
  }
}

function beforeValue(machine: Machine, c: string, at: number): void {
  if (isLineEnd(c)) push(machine, at);
  else if (c === "'") machine.state = "single";
  else if (c === '"') machine.state = "double";
  else if (c === "\\") machine.state = "value-escape";
  else if (!BLANKS.includes(c)) {
    machine.state = "value";
    add(machine, c, true);
  }
}

function inValue(machine: Machine, c: string, at: number): void {
  if (isLineEnd(c)) {
    machine.value.length = machine.kept;
    push(machine, at);
  } else if (c === "\\") {
    machine.state = "value-escape";
    machine.kept = machine.value.length;
  } else {
    add(machine, c, !BLANKS.includes(c));
  }
}

function add(machine: Machine, text: string, isKept: boolean): void {
  machine.value.push(text);
  if (isKept) machine.kept = machine.value.length;
}

function push(machine: Machine, at: number): void {
  const { scan, key, keyAt, valueAt } = machine;
  if (machine.state === "value") machine.value.length = machine.kept;
  machine.state = "pre-key";
  if (!NAME.test(key)) complain(scan, keyAt, "systemd drops a name that is no identifier");
  else machine.isFull = !keep(scan, key, machine.value.join(""), keyAt, [valueAt, at]);
}
