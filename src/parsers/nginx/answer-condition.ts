import { isOnDisk, knownOnDisk } from "./answer-disk.ts";
import { matchesPattern } from "./answer-pattern.ts";
import { chooseWhether, positionOf, type Run } from "./answer-run.ts";
import { type AnswerText, candidateTexts, holdsForText, openReason } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import type { NginxDirective } from "./parse.ts";

/** The condition of an `if`, without its parentheses. */
export interface IfCondition {
  /** `$name`, or the path of a file test. */
  readonly subject: string;
  /** Empty: whether the variable is neither empty nor `0`. */
  readonly operator: string;
  readonly operand: string;
}

/** `ngx_http_rewrite_if_condition`; `undefined` for what nginx refuses. */
export function parseCondition({ args }: NginxDirective): IfCondition | undefined {
  const words = insideParentheses(args.map(({ text }) => text));
  const [first = "", second, third, more] = words ?? [];
  if (more !== undefined) return undefined;
  if (/^!?-[fdex]$/.test(first)) {
    const isComplete = second !== undefined && third === undefined;
    return isComplete ? { subject: second, operator: first, operand: "" } : undefined;
  }
  if (!first.startsWith("$")) return undefined;
  if (second === undefined) return { subject: first, operator: "", operand: "" };
  const isComplete = third !== undefined && OPERATORS.has(second);
  return isComplete ? { subject: first, operator: second, operand: third } : undefined;
}

/** The words of a condition without `(` and `)`, which may be glued to a word or stand alone. */
function insideParentheses(words: readonly string[]): readonly string[] | undefined {
  const [first = "", ...rest] = words;
  if (!first.startsWith("(")) return undefined;
  const opened = first === "(" ? rest : [first.slice(1), ...rest];
  const last = opened.at(-1);
  if (last?.endsWith(")") !== true) return undefined;
  return last === ")" ? opened.slice(0, -1) : [...opened.slice(0, -1), last.slice(0, -1)];
}

const OPERATORS: ReadonlySet<string> = new Set(["=", "!=", "~", "~*", "!~", "!~*"]);

/** The condition as it stands in the file. */
export function conditionText({ args }: NginxDirective): string {
  return args.map(({ text }) => text).join(" ");
}

/** Whether an `if` holds; open ones are taken either way, the same way each time they are asked. */
export function conditionHolds(run: Run, directive: NginxDirective): boolean {
  const about = `if ${conditionText(directive)}`;
  const at = positionOf(directive);
  const condition = parseCondition(directive);
  if (condition === undefined) {
    return chooseWhether(run, about, "the condition is not one nginx takes", at);
  }
  const { subject, operator, operand } = condition;
  const value = resolve(run, subject);
  const ask = (because: string): boolean => chooseWhether(run, about, because, at, value.text);
  if (operator === "") return isTrue(value) ?? ask(openReason(value));
  if (operator.endsWith("=")) {
    const other = resolve(run, operand);
    const isEqual = equals(value, other);
    if (isEqual === undefined) return ask(openReason(value.isKnown ? other : value));
    return isEqual === (operator === "=");
  }
  if (operator.includes("-")) return fileTest(run, value, operator, about, directive);
  return patternHolds(run, value, condition, about, directive);
}

/** Neither empty nor `0` (`ngx_http_script_if_code`). */
function isTrue(value: AnswerText): boolean | undefined {
  return holdsForText(value, (text) => text !== "" && text !== "0");
}

function equals(value: AnswerText, other: AnswerText): boolean | undefined {
  if (value.text === other.text && !value.isKnown) return true;
  const values = candidateTexts(value);
  const others = candidateTexts(other);
  if (values === undefined || others === undefined) return undefined;
  if (!values.some((text) => others.includes(text))) return false;
  return values.length === 1 && others.length === 1 ? true : undefined;
}

function patternHolds(
  run: Run,
  subject: AnswerText,
  { operator, operand }: IfCondition,
  about: string,
  directive: NginxDirective,
): boolean {
  const isNegative = operator.startsWith("!");
  const isCaseless = operator.endsWith("*");
  const question = { pattern: operand, isCaseless, subject, about, at: positionOf(directive) };
  const isMatch = matchesPattern(run, question);
  // A pattern of the rewrite module that fails takes `$1` away too.
  if (!isMatch) run.captures = [];
  return isMatch !== isNegative;
}

/** `-f`, `-d`, `-e`; what `-x` asks is not known of any file. */
function fileTest(
  run: Run,
  path: AnswerText,
  operator: string,
  about: string,
  at: NginxDirective,
): boolean {
  const isNegative = operator.startsWith("!");
  const wanted = operator.at(-1);
  if (wanted === "f" || wanted === "d") {
    return isOnDisk(run, path, wanted === "f" ? "file" : "directory", at) !== isNegative;
  }
  const { is } = knownOnDisk(run, path);
  if (is !== undefined && (wanted === "e" || is === "missing")) {
    return (is !== "missing") !== isNegative;
  }
  return chooseWhether(run, about, "the disk decides it", positionOf(at), path.text);
}
