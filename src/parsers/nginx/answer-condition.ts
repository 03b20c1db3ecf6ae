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
  const words = args.map(({ text }) => text);
  const last = words.length - 1;
  if (!words[0]?.startsWith("(") || !words[last]?.endsWith(")")) return undefined;
  words[0] = words[0].slice(1);
  words[last] = (words[last] ?? "").slice(0, -1);
  if (words[last] === "" && last > 0) words.pop();
  if (words[0] === "") words.shift();
  const [first = "", second, third, ...more] = words;
  if (more.length > 0) return undefined;
  if (/^!?-[fdex]$/.test(first)) {
    return second === undefined || third !== undefined
      ? undefined
      : { subject: second, operator: first, operand: "" };
  }
  if (!first.startsWith("$")) return undefined;
  if (second === undefined) return { subject: first, operator: "", operand: "" };
  return third === undefined || !OPERATORS.has(second)
    ? undefined
    : { subject: first, operator: second, operand: third };
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
  const ask = (because: string): boolean => chooseWhether(run, about, because, at);
  if (operator === "") return isTrue(value) ?? ask(openReason(value));
  if (operator.endsWith("=")) {
    const other = resolve(run, operand);
    const isEqual = equals(value, other);
    if (isEqual === undefined) return ask(openReason(value.isKnown ? other : value));
    return isEqual === (operator === "=");
  }
  if (operator.includes("-")) return fileTest(run, value, operator) ?? ask("the disk decides it");
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

function fileTest(run: Run, path: AnswerText, operator: string): boolean | undefined {
  const found = path.isKnown ? run.disk(path.text) : undefined;
  if (found === undefined || operator.endsWith("x")) return undefined;
  const isNegative = operator.startsWith("!");
  const wanted = operator.at(-1);
  const holds =
    wanted === "e" ? found !== "missing" : found === (wanted === "f" ? "file" : "directory");
  return holds !== isNegative;
}
