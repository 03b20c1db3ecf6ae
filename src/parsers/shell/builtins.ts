import { isActivation } from "../command-line.ts";
import { testCondition } from "./condition.ts";
import { expandFields, expandText, type ShellField, type ShellValue } from "./expand.ts";
import {
  becomeOpaque,
  exportsOf,
  type ShellCommand,
  type ShellFlow,
  type ShellMachine,
  type ShellVariable,
  scopeOf,
  setVariable,
} from "./state.ts";

/** Runs a function of the script; `undefined` where there is none of that name. */
type Call = (name: string, words: readonly string[]) => ShellFlow | undefined;

interface Simple {
  readonly machine: ShellMachine;
  /** As written, assignments before it taken off. */
  readonly raw: readonly string[];
  readonly fields: readonly ShellField[];
  readonly line: number;
  readonly assignments: ReadonlyMap<string, ShellVariable>;
}

const CONDITIONS: ReadonlySet<string> = new Set(["[", "[[", "test"]);
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=(.*)$/s;

/** One simple command: assignments, a builtin, a function of the script, or a program. */
export function runSimple(
  machine: ShellMachine,
  words: readonly string[],
  line: number,
  call: Call,
): ShellFlow {
  const count = words.findIndex((word) => !ASSIGNMENT.test(word));
  const given = words.slice(0, count < 0 ? words.length : count);
  const raw = words.slice(given.length);
  if (raw.length === 0) {
    for (const word of given) assign(machine, word, line);
    machine.state.status = true;
    return "next";
  }
  const scope = scopeOf(machine, line);
  if (CONDITIONS.has(raw[0] ?? "")) {
    machine.state.status = testCondition(raw, scope);
    return "next";
  }
  const fields = raw.flatMap((word) => expandFields(word, scope));
  return runFields(
    { machine, raw, fields, line, assignments: valuesOf(machine, given, line) },
    call,
  );
}

function runFields(simple: Simple, call: Call): ShellFlow {
  const { machine, fields } = simple;
  const [first] = fields;
  if (first === undefined) return "next";
  const isBuiltin = first.isKnown && Object.hasOwn(BUILTINS, first.text);
  const builtin = isBuiltin ? BUILTINS[first.text] : undefined;
  if (builtin !== undefined) return builtin(simple);
  const called = call(first.text, textsOf(fields.slice(1)));
  if (called !== undefined) return called;
  record(simple, fields);
  machine.state.status = undefined;
  return "next";
}

function textsOf(fields: readonly ShellField[]): readonly string[] {
  return fields.map(({ text }) => text);
}

function assign(machine: ShellMachine, word: string, line: number): void {
  const [, name = "", plus, text = ""] = ASSIGNMENT.exec(word) ?? [];
  setVariable(machine, name, valueOfWord(machine, name, plus === "+", text, line), line);
}

function valueOfWord(
  machine: ShellMachine,
  name: string,
  isAppended: boolean,
  raw: string,
  line: number,
): ShellValue {
  const scope = scopeOf(machine, line);
  const text = /^\(/.test(raw) ? undefined : expandText(raw, scope);
  const before = isAppended ? scope.lookUp(name) : undefined;
  if (text === undefined || before?.state === "unknown") return { state: "unknown" };
  return { state: "set", text: before?.state === "set" ? before.text + text : text };
}

/** `A=1 program`: for that program alone. */
function valuesOf(
  machine: ShellMachine,
  words: readonly string[],
  line: number,
): ReadonlyMap<string, ShellVariable> {
  return new Map(
    words.map((word) => {
      const [, name = "", plus, text = ""] = ASSIGNMENT.exec(word) ?? [];
      return [name, { value: valueOfWord(machine, name, plus === "+", text, line), line }] as const;
    }),
  );
}

function record(
  { machine, line, assignments }: Simple,
  fields: readonly ShellField[],
): ShellCommand {
  const { state, commands } = machine;
  const command = { words: textsOf(fields), line, isCertain: state.isCertain };
  commands.push(command);
  state.last = command;
  // The last program of a script is what it is there for: what stands before it counts.
  state.lastAssignments = assignments;
  return command;
}

type Builtin = (simple: Simple) => ShellFlow;

function answering(status: boolean): Builtin {
  return ({ machine }) => {
    machine.state.status = status;
    return "next";
  };
}

/** Names a builtin fills with what nobody knows: `read -r NAME`. */
const filling: Builtin = ({ machine, fields, line }) => {
  for (const { text } of fields.slice(1)) {
    if (/^[A-Za-z_]\w*$/.test(text)) setVariable(machine, text, { state: "unknown" }, line);
  }
  machine.state.status = undefined;
  return "next";
};

const opaque: Builtin = (simple) => {
  record(simple, simple.fields);
  if (isActivation(simple.fields[1]?.text ?? "")) return "next";
  becomeOpaque(simple.machine);
  simple.machine.state.status = undefined;
  return "next";
};

/** `export`, `declare -x`: names are exported; without it they are only set. */
const declaring: Builtin = ({ machine, raw, fields, line }) => {
  const [program = ""] = raw;
  const options = textsOf(fields.slice(1)).filter((text) => /^[-+]\w/.test(text));
  const isExport = program === "export" || options.some((option) => /^-\w*x/.test(option));
  const isUndone = options.some((option) => /^-\w*n/.test(option)) && program === "export";
  for (const word of raw.slice(1))
    declare(machine, word, line, isUndone ? "no" : isExport ? "yes" : "as-is");
  machine.state.status = true;
  return "next";
};

function declare(
  machine: ShellMachine,
  word: string,
  line: number,
  exporting: "yes" | "no" | "as-is",
): void {
  const { state } = machine;
  const name = /^[A-Za-z_]\w*/.exec(word)?.[0];
  if (name === undefined) {
    // `export $(cat .env | xargs)` sets what nobody can tell.
    if (/[$`]/.test(word)) becomeOpaque(machine);
    return;
  }
  if (ASSIGNMENT.test(word)) assign(machine, word, line);
  if (exporting === "yes") state.exported.add(name);
  if (exporting === "no") state.exported.delete(name);
}

const exec: Builtin = (simple) => {
  const { machine, fields, assignments } = simple;
  const words = fields.slice(1);
  const options = words.findIndex(
    ({ text }, at) => !text.startsWith("-") && words[at - 1]?.text !== "-a",
  );
  const started = options < 0 ? [] : words.slice(options);
  // `exec > log` only redirects.
  if (started.length === 0) return "next";
  const command = record(simple, started);
  machine.ends.push({ ...command, exports: new Map([...exportsOf(machine), ...assignments]) });
  return "exec";
};

const setting: Builtin = ({ machine, fields }) => {
  const words = textsOf(fields.slice(1));
  const { state } = machine;
  const isKnown = fields.every((field) => field.isKnown);
  const at = words.indexOf("--");
  if (at >= 0 || /^[^-+]/.test(words[0] ?? "")) {
    state.positional = isKnown ? words.slice(at + 1) : undefined;
  }
  if (/^-\w*a/.test(words[0] ?? "") || words.join(" ") === "-o allexport")
    state.isExportingAll = true;
  if (/^\+\w*a/.test(words[0] ?? "") || words.join(" ") === "+o allexport")
    state.isExportingAll = false;
  state.status = true;
  return "next";
};

const shifting: Builtin = ({ machine, fields }) => {
  const count = Number(fields[1]?.text ?? "1");
  const { state } = machine;
  state.positional = Number.isInteger(count) ? state.positional?.slice(count) : undefined;
  state.status = true;
  return "next";
};

const unsetting: Builtin = ({ machine, fields, line }) => {
  for (const { text } of fields.slice(1)) {
    if (/^[A-Za-z_]\w*$/.test(text)) setVariable(machine, text, { state: "unset" }, line);
  }
  machine.state.status = true;
  return "next";
};

const BUILTINS: Readonly<Record<string, Builtin>> = {
  ":": answering(true),
  true: answering(true),
  false: answering(false),
  echo: answering(true),
  printf: answering(true),
  cd: answering(true),
  // What stands behind them in the loop may be left out; a loop is uncertain anyway.
  break: answering(true),
  continue: answering(true),
  export: declaring,
  declare: declaring,
  typeset: declaring,
  readonly: declaring,
  local: declaring,
  unset: unsetting,
  set: setting,
  shift: shifting,
  read: filling,
  mapfile: filling,
  getopts: filling,
  ".": opaque,
  source: opaque,
  eval: opaque,
  exec,
  exit: () => "exit",
  return: () => "return",
};
