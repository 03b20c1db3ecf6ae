import { expandFields, expandText, type ShellField, type ShellScope } from "./expand.ts";
import { matchesPattern } from "./pattern.ts";

/**
 * What `[ ... ]`, `[[ ... ]]` and `test ...` answer (XCU test); `undefined` where it hangs on what
 * is not known: files, other variables, commands. `words` are as written, without the closing bracket.
 */
export function testCondition(words: readonly string[], scope: ShellScope): boolean | undefined {
  const [program, ...operands] = words;
  const isDouble = program === "[[";
  const given = isDouble || program === "[" ? operands.slice(0, -1) : operands;
  return either(given, isDouble, scope);
}

function either(
  words: readonly string[],
  isDouble: boolean,
  scope: ShellScope,
): boolean | undefined {
  const parts = splitAt(words, isDouble ? "||" : "-o").map((part) => both(part, isDouble, scope));
  if (parts.includes(true)) return true;
  return parts.every((part) => part === false) ? false : undefined;
}

function both(words: readonly string[], isDouble: boolean, scope: ShellScope): boolean | undefined {
  const parts = splitAt(words, isDouble ? "&&" : "-a").map((part) => single(part, isDouble, scope));
  if (parts.includes(false)) return false;
  return parts.every((part) => part === true) ? true : undefined;
}

function splitAt(words: readonly string[], operator: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === operator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

function single(
  words: readonly string[],
  isDouble: boolean,
  scope: ShellScope,
): boolean | undefined {
  const isNegated = words[0] === "!";
  const given = isNegated ? words.slice(1) : words;
  const value = isDouble ? doubled(given, scope) : bracketed(given, scope);
  return isNegated && value !== undefined ? !value : value;
}

/** In `[[ ]]` nothing is split, and what stands right of `==` is a pattern. */
function doubled(words: readonly string[], scope: ShellScope): boolean | undefined {
  const [left = "", operator = "", right = ""] = words;
  if (words.length === 3 && /^(?:==?|!=)$/.test(operator)) {
    const text = expandText(left, scope);
    const answer = text === undefined ? undefined : matchesPattern(text, right, scope);
    return answer === undefined || operator !== "!=" ? answer : !answer;
  }
  const fields = words.map((word): ShellField => {
    const text = expandText(word, scope);
    return { text: text ?? word, isKnown: text !== undefined };
  });
  return compare(fields);
}

function bracketed(words: readonly string[], scope: ShellScope): boolean | undefined {
  return compare(words.flatMap((word) => expandFields(word, scope)));
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

function compare(fields: readonly ShellField[]): boolean | undefined {
  if (fields.some(({ isKnown }) => !isKnown)) return undefined;
  const [first = "", second = "", third = ""] = fields.map(({ text }) => text);
  if (fields.length < 2) return first !== "";
  if (fields.length === 2) return unary(first, second);
  if (fields.length > 3) return undefined;
  if (second === "=" || second === "==") return first === third;
  if (second === "!=") return first !== third;
  const order = Object.hasOwn(NUMBERS, second) ? NUMBERS[second] : undefined;
  return order === undefined || !/^-?\d{1,15}$/.test(first) || !/^-?\d{1,15}$/.test(third)
    ? undefined
    : order(Number(first), Number(third));
}

function unary(operator: string, text: string): boolean | undefined {
  if (operator === "-n") return text !== "";
  return operator === "-z" ? text === "" : undefined;
}
