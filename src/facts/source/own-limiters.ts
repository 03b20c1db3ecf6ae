import type { Call, Expression, FunctionDefinition, Module } from "../../parsers/python/syntax.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { pythonFilesWith } from "./python-files.ts";
import type { SourceReader } from "./reader.ts";

const NEEDLE = /\.limit\(|ratelimit|rate_limit|TokenBucket|RateLimit|Throttle|Limiter/;
/** Functions and routes at which somebody logs in. */
const LOGIN = /log_?in|sign_?in|authenticate|password|access_token|(?:^|[/_])token(?:$|[/_])/i;
/** Classes and functions that count requests. */
const LIMITER = /token_?bucket|rate_?limit|throttl|limiter/i;

/**
 * Limits on logging in: decorators of limiters (`@limiter.limit("5/minute")`, django-ratelimit) on functions for
 * it, and calls of limiters of the project's own with a count and a time.
 */
export const ownLimitersReader: SourceReader = {
  frameworks: ["django", "fastapi", "starlette", "flask"],
  needles: [NEEDLE],
  async read(context) {
    const rows: SourceSetting[] = [];
    for (const file of await pythonFilesWith(context, NEEDLE)) {
      const module = await context.python.parse(file);
      if (module !== undefined) rows.push(...rowsOf(file, module));
    }
    return rows;
  },
};

function rowsOf(file: string, { body }: Module): readonly SourceSetting[] {
  return [...statementsIn(body)].flatMap((statement) => {
    if (statement.kind !== "function") return [];
    return [
      ...decoratorRows(statement, file),
      ...callRows(statement, file),
      ...ownRows(statement, statement.line, file),
    ];
  });
}

function nameOf(expression: Expression): string {
  if (expression.kind === "name") return expression.name;
  if (expression.kind === "attribute") return `${nameOf(expression.object)}.${expression.name}`;
  return expression.kind === "call" ? nameOf(expression.callee) : "";
}

function textsOf(expression: Expression): readonly string[] {
  if (expression.kind !== "call") return [];
  return expression.arguments.flatMap(({ value }) => (value.kind === "text" ? [value.text] : []));
}

function decoratorRows(
  { name, decorators }: FunctionDefinition,
  file: string,
): readonly SourceSetting[] {
  const routes = decorators.flatMap(textsOf).filter((text) => text.startsWith("/"));
  if (![name, ...routes].some((each) => LOGIN.test(each))) return [];
  return decorators.flatMap((decorator) => {
    if (!/(?:^|\.)(?:limit|shared_limit|ratelimit)$/.test(nameOf(decorator))) return [];
    const rate =
      textsOf(decorator).find((text) => /^\s*\d/.test(text)) ??
      (decorator.kind === "call" ? rateOf(decorator) : undefined);
    return [row("ratelimit.login", rate ?? "a rate that is not literal", file, decorator.line)];
  });
}

const COUNT = /^(?:limit|rate|times|count|calls|max(?:_\w+)?|requests)$/;
const TIME = /^(?:interval|period|seconds|window|per|within|duration|timeout)$/;

/** `limit=10, interval=60` among arguments by name. */
function rateOf({ arguments: given }: Call): string | undefined {
  const named = (pattern: RegExp): number | undefined => {
    const found = given.find(({ name }) => name !== undefined && pattern.test(name));
    return found === undefined ? undefined : numberOf(found.value);
  };
  return shownRate(named(COUNT), named(TIME));
}

function shownRate(count: number | undefined, seconds: number | undefined): string | undefined {
  return count === undefined || seconds === undefined ? undefined : `${count} in ${seconds} s`;
}

/** A limiter of the project's own: `def ratelimit(limit=50, interval=300)`. */
function ownRows(
  { name, parameters }: FunctionDefinition,
  line: number,
  file: string,
): readonly SourceSetting[] {
  if (!LIMITER.test(name)) return [];
  const preset = (pattern: RegExp): number | undefined => {
    const given = parameters.find((each) => pattern.test(each.name))?.default;
    return given === undefined ? undefined : numberOf(given);
  };
  const rate = shownRate(preset(COUNT), preset(TIME));
  if (rate === undefined) return [];
  // Which answers it limits is not told by it.
  const { property: _, ...listed } = row("ratelimit.app", `${rate} unless told`, file, line);
  return [listed];
}

/** `TokenBucket.authorize(key, 20, 3600 * 24)` in a function for logging in. */
function callRows({ name, body }: FunctionDefinition, file: string): readonly SourceSetting[] {
  if (!/log_?in|sign_?in/i.test(name)) return [];
  return [...expressionsIn({ body })].flatMap((expression) => {
    if (expression.kind !== "call" || !LIMITER.test(nameOf(expression.callee))) return [];
    const numbers = expression.arguments.map(({ value }) => numberOf(value));
    const [count, seconds] = numbers.filter((each) => each !== undefined);
    if (count === undefined || seconds === undefined) return [];
    return [row("ratelimit.app", `${count} in ${seconds} s, in ${name}`, file, expression.line)];
  });
}

function numberOf(expression: Expression): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind !== "binary" || expression.operator !== "*") return undefined;
  const left = numberOf(expression.left);
  const right = numberOf(expression.right);
  return left === undefined || right === undefined ? undefined : left * right;
}

function row(slug: string, value: string, file: string, line: number): SourceSetting {
  return {
    ...{ slug, file, line, kind: "literal", value, variables: [] },
    ...(slug === "ratelimit.login" ? { property: "ratelimit.login" as const } : {}),
    resolved: { state: "known", value, from: "literal" },
    chain: `${value} <- ${file}:${line}`,
  };
}
