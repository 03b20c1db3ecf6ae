import type { ShellArm, ShellCaseArm, ShellLink, ShellNode, ShellTree } from "./node.ts";
import { type ShellToken, shellTokens } from "./tokens.ts";

/** `if` in `if` in `if` ... */
export const SHELL_DEPTH_MAX = 64;

class Refused extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface Reader {
  readonly tokens: readonly ShellToken[];
  at: number;
  depth: number;
}

/** Parses the compound commands of a POSIX shell and what bash adds to them (XCU 2.9). */
export function parseShell(script: string): ShellTree {
  const reader: Reader = { tokens: shellTokens(script), at: 0, depth: 0 };
  try {
    const body = readList(reader, []);
    const left = peek(reader);
    if (left !== undefined) throw refusal(reader, `unexpected ${shown(left.text)}`);
    return { ok: true, body };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, line: error.line, message: error.message };
  }
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 20));
}

function refusal(reader: Reader, message: string): Refused {
  const token = reader.tokens[reader.at] ?? reader.tokens.at(-1);
  return new Refused(token?.line ?? 1, message);
}

function peek({ tokens, at }: Reader): ShellToken | undefined {
  return tokens[at];
}

function isWord(reader: Reader, text: string): boolean {
  const token = peek(reader);
  return token?.kind === "word" && token.text === text;
}

function isOperator(reader: Reader, ...texts: readonly string[]): boolean {
  const token = peek(reader);
  return token?.kind === "operator" && texts.includes(token.text);
}

function expectWord(reader: Reader, text: string): void {
  if (!isWord(reader, text)) throw refusal(reader, `no ${text} closes what is open`);
  reader.at += 1;
}

function skipNewlines(reader: Reader): void {
  while (isOperator(reader, "\n", ";", "&")) reader.at += 1;
}

/** Commands up to one of the reserved words of `ends`, a closing parenthesis or the end of an arm. */
function readList(reader: Reader, ends: readonly string[]): readonly ShellNode[] {
  const nodes: ShellNode[] = [];
  skipNewlines(reader);
  while (!isListEnd(reader, ends)) {
    nodes.push(nested(reader, readAndOr));
    skipNewlines(reader);
  }
  return nodes;
}

function nested(reader: Reader, read: (reader: Reader) => ShellNode): ShellNode {
  reader.depth += 1;
  if (reader.depth > SHELL_DEPTH_MAX) throw refusal(reader, "nested too deeply");
  const node = read(reader);
  reader.depth -= 1;
  return node;
}

function isListEnd(reader: Reader, ends: readonly string[]): boolean {
  return (
    peek(reader) === undefined ||
    isOperator(reader, ")", ";;", ";&", ";;&") ||
    ends.some((end) => isWord(reader, end))
  );
}

function readAndOr(reader: Reader): ShellNode {
  const first = readPipeline(reader);
  const links: ShellLink[] = [{ operator: "", node: first }];
  while (isOperator(reader, "&&", "||")) {
    const operator = peek(reader)?.text === "&&" ? "&&" : "||";
    reader.at += 1;
    skipNewlines(reader);
    links.push({ operator, node: readPipeline(reader) });
  }
  return links.length === 1 ? first : { kind: "chain", links, line: first.line };
}

function readPipeline(reader: Reader): ShellNode {
  const line = peek(reader)?.line ?? 1;
  if (takeWord(reader, "!")) {
    return { kind: "not", body: nested(reader, readPipeline), line };
  }
  const first = readCommand(reader);
  const parts = [first];
  while (isOperator(reader, "|", "|&")) {
    reader.at += 1;
    skipNewlines(reader);
    parts.push(readCommand(reader));
  }
  return parts.length === 1 ? first : { kind: "pipe", parts, line };
}

function readCommand(reader: Reader): ShellNode {
  const token = peek(reader);
  if (token === undefined) throw refusal(reader, "a command is missing");
  const { line, text, kind } = token;
  if (kind === "operator") {
    if (text !== "(") throw refusal(reader, `unexpected ${shown(text)}`);
    return readSubshell(reader, line);
  }
  const compound = Object.hasOwn(COMPOUND, text) ? COMPOUND[text] : undefined;
  if (compound !== undefined) {
    reader.at += 1;
    return compound(reader, line);
  }
  const next = reader.tokens[reader.at + 1];
  const after = reader.tokens[reader.at + 2];
  if (next?.text === "(" && after?.text === ")" && next.kind === "operator") {
    reader.at += 3;
    return readFunction(reader, text, line);
  }
  return readSimple(reader, line);
}

function readSubshell(reader: Reader, line: number): ShellNode {
  reader.at += 1;
  const body = readList(reader, []);
  if (!isOperator(reader, ")")) throw refusal(reader, "no ) closes the subshell");
  reader.at += 1;
  return { kind: "group", body, isApart: true, line };
}

function readSimple(reader: Reader, line: number): ShellNode {
  const words: string[] = [];
  for (let token = peek(reader); token?.kind === "word"; token = peek(reader)) {
    words.push(token.text);
    reader.at += 1;
  }
  return { kind: "command", words, line };
}

const COMPOUND: Readonly<Record<string, (reader: Reader, line: number) => ShellNode>> = {
  if: readIf,
  case: readCase,
  while: readLoop,
  until: readLoop,
  for: readFor,
  select: readFor,
  "{": (reader, line) => {
    const body = readList(reader, ["}"]);
    expectWord(reader, "}");
    return { kind: "group", body, isApart: false, line };
  },
  // Between `[[` and `]]` no operator parts commands.
  "[[": (reader, line) => {
    const words = ["[["];
    for (let token = peek(reader); token !== undefined; token = peek(reader)) {
      reader.at += 1;
      if (token.text !== "\n") words.push(token.text);
      if (token.kind === "word" && token.text === "]]") return { kind: "command", words, line };
    }
    throw refusal(reader, "no ]] closes the condition");
  },
  function: (reader, line) => {
    const name = peek(reader)?.text ?? "";
    reader.at += 1;
    while (isOperator(reader, "(", ")")) reader.at += 1;
    return readFunction(reader, name, line);
  },
};

function readFunction(reader: Reader, name: string, line: number): ShellNode {
  skipNewlines(reader);
  return { kind: "function", name, body: [nested(reader, readCommand)], line };
}

function readIf(reader: Reader, line: number): ShellNode {
  const arms: ShellArm[] = [];
  let otherwise: readonly ShellNode[] = [];
  do {
    const condition = readList(reader, ["then"]);
    expectWord(reader, "then");
    arms.push({ condition, body: readList(reader, ["elif", "else", "fi"]) });
    if (isWord(reader, "else")) {
      reader.at += 1;
      otherwise = readList(reader, ["fi"]);
    }
  } while (takeWord(reader, "elif"));
  expectWord(reader, "fi");
  return { kind: "if", arms, otherwise, line };
}

function takeWord(reader: Reader, text: string): boolean {
  const isThere = isWord(reader, text);
  if (isThere) reader.at += 1;
  return isThere;
}

function readCase(reader: Reader, line: number): ShellNode {
  const word = peek(reader)?.text ?? "";
  reader.at += 1;
  skipNewlines(reader);
  expectWord(reader, "in");
  skipNewlines(reader);
  const arms: ShellCaseArm[] = [];
  while (!isWord(reader, "esac")) {
    arms.push(readArm(reader));
    skipNewlines(reader);
  }
  reader.at += 1;
  return { kind: "case", word, arms, line };
}

function readArm(reader: Reader): ShellCaseArm {
  const patterns: string[] = [];
  if (isOperator(reader, "(")) reader.at += 1;
  while (!isOperator(reader, ")")) {
    const token = peek(reader);
    if (token === undefined) throw refusal(reader, "no ) closes the pattern");
    if (token.kind === "word") patterns.push(token.text);
    else if (token.text !== "|") throw refusal(reader, "no ) closes the pattern");
    reader.at += 1;
  }
  reader.at += 1;
  const body = readList(reader, ["esac"]);
  const falls = isOperator(reader, ";&", ";;&");
  if (isOperator(reader, ";;", ";&", ";;&")) reader.at += 1;
  return { patterns, body, falls };
}

function readLoop(reader: Reader, line: number): ShellNode {
  const condition = readList(reader, ["do"]);
  return { kind: "loop", body: [...condition, ...readDo(reader)], line };
}

function readFor(reader: Reader, line: number): ShellNode {
  while (peek(reader) !== undefined && !isWord(reader, "do")) reader.at += 1;
  return { kind: "loop", body: readDo(reader), line };
}

function readDo(reader: Reader): readonly ShellNode[] {
  expectWord(reader, "do");
  const body = readList(reader, ["done"]);
  expectWord(reader, "done");
  return body;
}
