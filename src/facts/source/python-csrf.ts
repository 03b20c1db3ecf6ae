import { lookUp } from "../../parsers/python/machine.ts";
import type { Expression, Statement } from "../../parsers/python/syntax.ts";
import {
  boolean,
  list,
  type Scope,
  text,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceProperty } from "../source-settings.fact.ts";
import { writtenPrefixes } from "./csrf-exemptions.ts";
import type { PythonRun, RunMiddleware } from "./python-application.ts";
import type { PythonRow } from "./python-row.ts";

const CSRF_NAME = /csrf|xsrf/i;

/**
 * Protection against forged requests: every middleware registered for it with what its code does, and for an
 * application with a session and none of them that there is none.
 */
export function csrfRows(
  run: PythonRun,
  file: string,
  framework: "fastapi" | "flask",
): readonly PythonRow[] {
  const registered = run.middleware.flatMap((each, index) =>
    isProtection(each) ? protectionRows(run, each, index, framework) : [],
  );
  return [...registered, ...unprotected(run, file)];
}

/** By its name; what runs behind a request refuses none. */
function isProtection({ type, record }: RunMiddleware): boolean {
  return CSRF_NAME.test(nameOf(type)) && !record.path.endsWith(".after_request");
}

function nameOf(type: Value): string {
  if (type.kind === "class" || type.kind === "function") return type.name;
  return type.kind === "external" ? (type.path.split(".").at(-1) ?? "") : "";
}

/** `SessionMiddleware` and its like by the name's end. */
function isSession({ type }: RunMiddleware): boolean {
  return /^(?:Server)?SessionMiddleware$/.test(nameOf(type));
}

function protectionRows(
  { middleware }: PythonRun,
  each: RunMiddleware,
  index: number,
  framework: "fastapi" | "flask",
): readonly PythonRow[] {
  const subject = nameOf(each.type);
  const row = (property: SourceProperty, value: Value): PythonRow => ({
    ...placeOf(each),
    slug: property === "csrf.enabled" ? `${framework}.csrf` : `${framework}.${property}`,
    property,
    framework,
    subject,
    name: `${subject}: ${property}`,
    value,
  });
  const enabled = each.call.named.get("enabled") ?? boolean(true);
  const rows = [row("csrf.enabled", enabled)];
  const bodies = bodiesOf(each.type);
  // A library that the code asks to check refuses by itself.
  if (bodies.length === 0 || some(bodies, asksLibrary)) return rows;
  const isBound = usesSession(bodies);
  const at = middleware.findIndex((other) => isSession(other) && other.receiver === each.receiver);
  rows.push(row("csrf.refuses", boolean(refuses(bodies))));
  rows.push(row("csrf.comparison", text(comparison(bodies))));
  rows.push(row("csrf.bound", boolean(isBound)));
  if (isBound && at >= 0)
    rows.push(row("csrf.order", text(at > index ? "inside-session" : "outside-session")));
  const written = writtenPrefixes(bodies);
  const own =
    written.length > 0
      ? [{ name: "dispatch", value: list(written.map((path) => text(path))) }]
      : [];
  for (const { name, value } of [...exemptionsOf(each), ...own]) {
    rows.push({ ...row("csrf.exemptions", value), name: `${subject}.${name}` });
    rows.push(row("csrf.exemption-match", text(matchesPrefix(bodies) ? "prefix" : "exact")));
  }
  return rows;
}

/** A function that a decorator registers stands where it is defined, everything else where it is registered. */
function placeOf({ type, record }: RunMiddleware) {
  const { file, place, condition } = record;
  const own = type.kind === "function" ? lookUp(type.scope, type.name) : undefined;
  const { line, column } = own !== undefined && own.value === type ? own : place;
  return {
    file,
    line,
    column,
    ...(condition === undefined ? {} : { condition }),
  };
}

/** Of each application that has a session and no protection. */
function unprotected({ middleware, machine }: PythonRun, file: string): readonly PythonRow[] {
  const sessions = middleware.filter(isSession);
  const protectedOnes = new Set(middleware.filter(isProtection).map(({ receiver }) => receiver));
  const elsewhere = machine.calls.find(
    ({ path }) => CSRF_NAME.test(path) && !/^argument\./.test(path),
  );
  const opaque = middleware.find(({ type }) => type.kind === "unknown");
  const reason =
    elsewhere !== undefined
      ? `${elsewhere.path.slice(0, 80)} (${elsewhere.file}:${elsewhere.place.line}) may protect, it was not read`
      : opaque !== undefined
        ? `a middleware at ${opaque.record.file}:${opaque.record.place.line} could not be told`
        : undefined;
  return sessions
    .filter(({ receiver }) => !protectedOnes.has(receiver))
    .map((session) => ({
      slug: "fastapi.csrf",
      property: "csrf.enabled",
      framework: "fastapi",
      name: "CSRF protection",
      ...placeOf(session),
      file,
      value: reason === undefined ? boolean(false) : unknownValue(reason),
      isAbsent: true,
    }));
}

const HELPERS_MAX = 30;

type Body = readonly Statement[];
type Callable = Value & { readonly kind: "function" };

/** The bodies of a middleware and of the functions of its module that it names. */
function bodiesOf(type: Value): readonly Body[] {
  const members =
    type.kind === "class" ? [...type.members.values()].map(({ value }) => value) : [type];
  const pending = members.filter((value): value is Callable => value.kind === "function");
  const bodies = new Map<unknown, Body>();
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { definition } = next;
    if (definition === undefined || bodies.has(definition)) continue;
    if (bodies.size >= members.length + HELPERS_MAX) break;
    bodies.set(definition, definition.body);
    pending.push(...namedBy(definition.body, next.scope));
  }
  return [...bodies.values()];
}

/** Functions of the scopes around that a body names. */
function namedBy(body: Body, scope: Scope): readonly Callable[] {
  const names = [...expressionsIn({ body })].flatMap((expression) =>
    expression.kind === "name" ? [expression.name] : [],
  );
  return [...new Set(names)].flatMap((name) => {
    const value = lookUp(scope, name)?.value;
    return value?.kind === "function" ? [value] : [];
  });
}

function some(bodies: readonly Body[], is: (expression: Expression) => boolean): boolean {
  return bodies.some((body) => [...expressionsIn({ body })].some(is));
}

/** Whether any way through it ends with an error of the client's or an exception. */
function refuses(bodies: readonly Body[]): boolean {
  const isRefusal = (expression: Expression): boolean =>
    (expression.kind === "number" && [400, 401, 403, 419].includes(expression.value)) ||
    ((expression.kind === "name" || expression.kind === "attribute") &&
      /^(?:HTTP_40[03]\w*|FORBIDDEN|BAD_REQUEST|PermissionDenied)$/.test(expression.name));
  const raises = bodies.some((body) =>
    [...statementsIn(body)].some(({ kind }) => kind === "raise"),
  );
  return raises || some(bodies, isRefusal);
}

function asksLibrary(expression: Expression): boolean {
  const isNamed = expression.kind === "attribute" || expression.kind === "name";
  return isNamed && /^(?:protect|validate_csrf(?:_token)?)$/.test(expression.name);
}

function usesSession(bodies: readonly Body[]): boolean {
  return some(
    bodies,
    (expression) =>
      // Starlette's `request.session`, Flask's `session`.
      ((expression.kind === "attribute" || expression.kind === "name") &&
        expression.name === "session") ||
      (expression.kind === "text" && expression.text === "session"),
  );
}

function comparison(bodies: readonly Body[]): string {
  const isEquality = some(
    bodies,
    (expression) =>
      expression.kind === "compare" &&
      expression.operators.every((operator) => operator === "==" || operator === "!=") &&
      expression.operands.every((operand) => isTokenName(operand)),
  );
  if (isEquality) return "equality";
  const isConstant = some(
    bodies,
    ({ ...expression }) =>
      (expression.kind === "attribute" || expression.kind === "name") &&
      /^(?:compare_digest|constant_time_compare)$/.test(expression.name),
  );
  return isConstant ? "constant-time" : "none";
}

/** A variable, attribute, item or call result that may hold a token; literals do not. */
function isTokenName(expression: Expression): boolean {
  switch (expression.kind) {
    case "name":
    case "attribute":
      return /token|csrf|sent|kept|expected|submitted|cookie|header/i.test(expression.name);
    case "subscript":
      return isTokenName(expression.index) || isTokenName(expression.object);
    case "text":
      return CSRF_NAME.test(expression.text);
    case "call":
      return (
        expression.arguments.some(({ value }) => isTokenName(value)) ||
        isTokenName(expression.callee)
      );
    default:
      return false;
  }
}

function matchesPrefix(bodies: readonly Body[]): boolean {
  return some(
    bodies,
    (expression) => expression.kind === "attribute" && expression.name === "startswith",
  );
}

const EXEMPTION_NAME =
  /exempt|skip|exclu|ignore|white_?list|allow_?list|public|unprotected|safe_path/i;

/** Lists of paths among an object's members. */
function exemptionsOf({ object }: RunMiddleware): readonly { name: string; value: Value }[] {
  return [...(object?.members ?? [])].flatMap(([name, { value }]) => {
    if (!EXEMPTION_NAME.test(name) || value.kind !== "list") return [];
    const isPaths = value.items.some((item) => item.kind === "text" && item.text.startsWith("/"));
    return isPaths ? [{ name, value }] : [];
  });
}
