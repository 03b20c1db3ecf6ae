import type {
  Expression,
  FunctionDefinition,
  Module,
  Statement,
} from "../../parsers/python/syntax.ts";
import {
  type Binding,
  list,
  originOf,
  type Scope,
  text as textValue,
  type Value,
} from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { libraryRow, rowsOfFiles, runFile } from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const LIMITS = `(?:RATE_?LIMIT|THROTTL|LIMITER|AXES|DEFENDER|BRUTE)`;
const TRUSTS = `(?:WHITE_?LIST|ALLOW_?LIST|ALLOWED_IPS|EXEMPT|TRUSTED|BYPASS|SKIP_IPS|INTERNAL_IPS)`;
const EITHER = String.raw`${LIMITS}\w{0,40}${TRUSTS}|${TRUSTS}\w{0,40}${LIMITS}`;
const NEEDLE = new RegExp(`request_filter|exempt_when|${EITHER}`, "i");
const NAME = new RegExp(EITHER, "i");
const ASSIGNED = new RegExp(`^[ \\t]*\\w{0,60}(?:${EITHER})\\w{0,60}\\s*[:=]`, "im");
/** Lists of something else than addresses. */
const OTHERS =
  /PATH|URL|ROUTE|VIEW|ENDPOINT|USER|METHOD|GROUP|ROLE|AGENT|CALLABLE|HEADER|TOKEN|KEY/i;

/**
 * Who is not counted by a limiter: lists of addresses under a name that says so (django-axes' AXES_IP_WHITELIST and
 * its like), and what the functions compare that Flask-Limiter's `request_filter` and `exempt_when` are given, or
 * whose name says that they let requests past a limit.
 */
export const limitExemptionsReader: SourceReader = {
  frameworks: ["django", "fastapi", "starlette", "flask"],
  needles: [NEEDLE],
  read: (context) => rowsOfFiles(context, NEEDLE, ofFile),
};

async function ofFile(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const module = await context.python.parse(file);
  if (module === undefined) return [];
  const bodies = exemptionBodies(module);
  // Most files only name such a thing: running them costs more than all the rest.
  if (bodies.length === 0 && !ASSIGNED.test(module.source)) return [];
  const { scope } = await runFile(context, file);
  const named = namedLists(scope, file).map(([name, { value, line, column }]) =>
    libraryRow(context, {
      ...ADDRESSES,
      name,
      value,
      file,
      line,
      column,
    }),
  );
  return [...named, ...bodies.flatMap((body) => ofBody(context, file, scope, body))];
}

const ADDRESSES = { slug: "ratelimit.trusted_ips", property: "ratelimit.trusted" } as const;
const FIELD = { slug: "ratelimit.trusted_field", property: "ratelimit.trusted-field" } as const;

function namedLists(
  scope: Scope | undefined,
  file: string,
): readonly (readonly [string, Binding])[] {
  const bindings = [...(scope?.bindings ?? [])];
  const inner = bindings.flatMap(([, { value }]) => [...membersOf(value)]);
  const found = [...bindings, ...inner].filter(
    ([name, binding]) =>
      binding.file === file && NAME.test(name) && !OTHERS.test(name) && isList(binding.value),
  );
  return [...new Map(found)];
}

function membersOf(value: Value): ReadonlyMap<string, Binding> {
  return value.kind === "class" || value.kind === "instance" ? value.members : new Map();
}

function isList({ kind }: Value): boolean {
  return kind === "list" || kind === "text" || kind === "unknown";
}

/** The bodies of functions that say whether a request is let past a limit. */
function exemptionBodies(module: Module): readonly Body[] {
  const functions = [...statementsIn(module.body)].filter(
    (statement): statement is Statement & FunctionDefinition => statement.kind === "function",
  );
  const given = [...expressionsIn(module)].flatMap((expression) =>
    expression.kind === "call"
      ? expression.arguments.filter(({ name }) => name === "exempt_when").map(({ value }) => value)
      : [],
  );
  const names = new Set(given.flatMap((value) => (value.kind === "name" ? [value.name] : [])));
  return [
    ...functions
      .filter(({ name, decorators }) => names.has(name) || isFilter(decorators) || NAME.test(name))
      .map(({ body }) => ({ body, locals: localsOf(body) })),
    ...given.flatMap((value) =>
      value.kind === "lambda" ? [{ body: [asStatement(value.body)], locals: new Map() }] : [],
    ),
  ];
}

interface Body {
  readonly body: readonly Statement[];
  readonly locals: ReadonlyMap<string, Expression>;
}

function isFilter(decorators: readonly Expression[]): boolean {
  return decorators.some(
    (decorator) => decorator.kind === "attribute" && decorator.name === "request_filter",
  );
}

function localsOf(body: readonly Statement[]): ReadonlyMap<string, Expression> {
  return new Map(
    [...statementsIn(body)].flatMap((statement) =>
      statement.kind === "assign" &&
      statement.target.kind === "name" &&
      statement.value !== undefined
        ? [[statement.target.name, statement.value] as const]
        : [],
    ),
  );
}

function ofBody(
  context: SourceContext,
  file: string,
  scope: Scope | undefined,
  { body, locals }: Body,
): readonly SourceSetting[] {
  return [...expressionsIn({ body })].flatMap((expression) => {
    const pair = comparedPair(expression);
    if (pair === undefined) return [];
    const [left, right] = pair;
    const place = { file, line: expression.line, column: expression.column };
    return (
      ofComparison(context, place, whatIsAsked(left, locals), valueOfSide(right, scope)) ??
      ofComparison(context, place, whatIsAsked(right, locals), valueOfSide(left, scope)) ??
      []
    );
  });
}

function ofComparison(
  context: SourceContext,
  place: { readonly file: string; readonly line: number; readonly column: number },
  asked: Asked | undefined,
  value: Value | undefined,
): readonly SourceSetting[] | undefined {
  if (asked === undefined || value === undefined) return undefined;
  if (asked.kind === "field") return [fieldRow(context, { name: asked.name, value, ...place })];
  return [libraryRow(context, { ...ADDRESSES, name: "address", value, ...place })];
}

/** `a == b`, `a in b`, `compare_digest(a, b)`, `a.startswith(b)`. */
function comparedPair(expression: Expression): readonly [Expression, Expression] | undefined {
  if (expression.kind === "compare") {
    const [left, right] = expression.operands;
    const [operator] = expression.operators;
    const isAsked = expression.operands.length === 2 && (operator === "==" || operator === "in");
    return isAsked && left !== undefined && right !== undefined ? [left, right] : undefined;
  }
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return undefined;
  const { name, object } = expression.callee;
  const [first, second] = expression.arguments.map(({ value }) => value);
  if (name === "startswith" && first !== undefined) return [object, first];
  if (name === "compare_digest" && first !== undefined && second !== undefined)
    return [first, second];
  return undefined;
}

type Asked = { readonly kind: "address" } | { readonly kind: "field"; readonly name: string };

/** Names of a function that stand for other names of it. */
const LOCALS_MAX = 3;
/** How code calls the address of a client. */
const ADDRESS =
  /^(?:remote_addr|REMOTE_ADDR|client_host|client_ip|remote_address|get_remote_address|get_ipaddr|get_client_ip)$/;

/** What of the request an expression holds; names of the function are followed. */
function whatIsAsked(
  expression: Expression,
  locals: ReadonlyMap<string, Expression>,
  depth = 0,
): Asked | undefined {
  const local = expression.kind === "name" ? locals.get(expression.name) : undefined;
  const followed =
    local !== undefined && depth < LOCALS_MAX ? whatIsAsked(local, locals, depth + 1) : undefined;
  if (followed !== undefined) return followed;
  let isAddress = expression.kind === "name" && ADDRESS.test(expression.name);
  for (const part of expressionsIn({ body: [asStatement(expression)] })) {
    const name = fieldName(part);
    if (name !== undefined) return { kind: "field", name };
    isAddress ||= isAddressPart(part, locals, depth);
  }
  return isAddress ? { kind: "address" } : undefined;
}

function isAddressPart(
  part: Expression,
  locals: ReadonlyMap<string, Expression>,
  depth: number,
): boolean {
  if (part.kind === "text") return part.text === "REMOTE_ADDR";
  if (part.kind === "attribute") return ADDRESS.test(part.name) || isClientHost(part);
  if (part.kind !== "name") return false;
  const local = depth < LOCALS_MAX ? locals.get(part.name) : undefined;
  return (
    ADDRESS.test(part.name) ||
    (local !== undefined && whatIsAsked(local, locals, depth + 1)?.kind === "address")
  );
}

/** `request.client.host` of Starlette; `request.host` is the name that was asked for. */
function isClientHost(part: Expression & { readonly kind: "attribute" }): boolean {
  return part.name === "host" && part.object.kind === "attribute" && part.object.name === "client";
}

function asStatement(value: Expression): Statement {
  const { line, column, start, end } = value;
  return { kind: "expression", value, line, column, start, end };
}

/** `request.headers.get("X-Token")`, `request.headers["X-Token"]`, `request.META["HTTP_X_TOKEN"]`. */
function fieldName(part: Expression): string | undefined {
  const given =
    part.kind === "subscript"
      ? { object: part.object, key: part.index }
      : part.kind === "call" && part.callee.kind === "attribute" && part.callee.name === "get"
        ? { object: part.callee.object, key: part.arguments[0]?.value }
        : undefined;
  if (given?.key?.kind !== "text" || given.object.kind !== "attribute") return undefined;
  const { text } = given.key;
  if (given.object.name === "headers") return text;
  if (given.object.name !== "META" || !text.startsWith("HTTP_")) return undefined;
  return text.slice(5).replaceAll("_", "-");
}

/** Texts in what the request is compared with; a name of the module by its value. */
function valueOfSide(expression: Expression, scope: Scope | undefined): Value | undefined {
  const parts = [...expressionsIn({ body: [asStatement(expression)] })];
  const texts = parts.flatMap((part) => (part.kind === "text" ? [textValue(part.text)] : []));
  if (texts.length > 0 && expression.kind !== "name") return list(texts.toReversed());
  return parts
    .flatMap((part) => (part.kind === "name" ? [scope?.bindings.get(part.name)?.value] : []))
    .find((value) => value !== undefined && value.kind !== "function" && value.kind !== "module");
}

interface FieldFound {
  readonly name: string;
  readonly value: Value;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Nobody is let past where what the field is compared with is not set; the value itself is not told. */
function fieldRow(context: SourceContext, { value, ...found }: FieldFound): SourceSetting {
  const isOff = value.kind === "none" || (value.kind === "text" && value.text === "");
  const { origin } = value;
  const told: Value = value.kind === "unknown" ? value : { kind: "boolean", value: !isOff, origin };
  const row = libraryRow(context, { ...FIELD, ...found, value: told });
  return { ...row, variables: originOf(value).reads.map(({ variable }) => variable) };
}
