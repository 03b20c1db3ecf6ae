import { conditionAt, type Machine, wordsAt } from "../../parsers/python/machine.ts";
import type {
  Argument,
  Call,
  Expression,
  FunctionDefinition,
  Statement,
} from "../../parsers/python/syntax.ts";
import { bindTarget } from "../../parsers/python/targets.ts";
import { UndoMap } from "../../parsers/python/undo-map.ts";
import {
  type FunctionShape,
  originOf,
  type Scope,
  truthOf,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import { callsIn, isHarmless } from "./field-conditions.ts";
import {
  type FieldWrite,
  recordWrites,
  type Simple,
  type Walk,
  WRITES_MAX,
} from "./field-statements.ts";

/** Calls followed into each other. */
const DEPTH_MAX = 6;

/** What a function of the project does to the answer's fields. `self` and arguments may be known. */
export function fieldWrites(
  machine: Machine,
  callee: FunctionShape,
  known: ReadonlyMap<string, Value>,
  writes: FieldWrite[],
): void {
  enter({ machine, writes, depth: 0, conditions: [], isOff: false }, callee, known);
}

function enter(
  outer: Pick<Walk, "machine" | "writes" | "depth" | "conditions" | "isOff">,
  { parameters, scope: parent, body }: FunctionShape,
  known: ReadonlyMap<string, Value>,
): void {
  if (outer.depth > DEPTH_MAX || outer.writes.length >= WRITES_MAX || !isBlock(body)) return;
  const scope: Scope = { ...parent, kind: "function", bindings: new UndoMap(), parent };
  for (const { name, default: given } of parameters) {
    const value =
      known.get(name) ??
      (given === undefined ? undefined : outer.machine.evaluate(given, parent)) ??
      unknownValue(`the argument ${name} is not known`);
    scope.bindings.set(name, { value, file: scope.file, line: 0, column: 0 });
  }
  walkBody({ ...outer, scope, written: new Map(), depth: outer.depth + 1 }, body);
}

function isBlock(body: FunctionShape["body"]): body is readonly Statement[] {
  return Array.isArray(body);
}

/** Returns whether the body ends in `return` or `raise` whatever happens. */
function walkBody(walk: Walk, body: readonly Statement[]): boolean {
  let conditions = walk.conditions;
  for (const statement of body) {
    const at = { ...walk, conditions };
    if (statement.kind === "if") {
      const { isOver, left } = walkIf(at, statement);
      if (isOver) return true;
      conditions = [...conditions, ...left];
    } else if (walkStatement(at, statement)) return true;
  }
  return false;
}

interface IfEnd {
  readonly isOver: boolean;
  /** Conditions of what follows: a branch that may be taken has ended the function. */
  readonly left: readonly string[];
}

function walkIf(walk: Walk, { branches, otherwise }: Statement & { kind: "if" }): IfEnd {
  const left: string[] = [];
  let areAllOver = true;
  for (const { test, body } of branches) {
    const value = walk.machine.evaluate(test, walk.scope);
    const truth = truthOf(value);
    if (truth === true) return { isOver: walkBody(walk, body) && areAllOver, left };
    if (truth === undefined) {
      const words = conditionWords(walk, test);
      const isOver = walkBody({ ...walk, conditions: [...walk.conditions, ...words] }, body);
      if (isOver) left.push(...words.map((each) => `not (${each})`));
      areAllOver &&= isOver;
    } else if (originOf(value).reads.length > 0) walkBody({ ...walk, ...off(walk, test) }, body);
  }
  return { isOver: walkBody(walk, otherwise) && areAllOver, left };
}

function conditionWords({ scope }: Walk, test: Expression): readonly string[] {
  return isHarmless(wordsAt(scope, test)) ? [] : [conditionAt(scope, test)];
}

function off({ conditions, scope }: Walk, test: Expression): Pick<Walk, "conditions" | "isOff"> {
  return { conditions: [...conditions, conditionAt(scope, test)], isOff: true };
}

function walkStatement(walk: Walk, statement: Statement): boolean {
  switch (statement.kind) {
    case "assign":
    case "augment":
    case "expression":
    case "delete":
      walkSimple(walk, statement);
      return false;
    case "return":
      if (statement.value !== undefined) follow(walk, statement.value);
      return true;
    case "raise":
      return true;
    case "try": {
      const isOver = walkBody(walk, statement.body);
      const conditions = [...walk.conditions, "an exception"];
      for (const { body } of statement.handlers) walkBody({ ...walk, conditions }, body);
      return walkBody(walk, [...statement.otherwise, ...statement.finally]) || isOver;
    }
    case "with":
      return walkBody(walk, statement.body);
    case "for":
      walkLoop(walk, statement);
      return false;
    case "maybe":
      for (const body of statement.bodies)
        walkBody({ ...walk, conditions: [...walk.conditions, statement.what] }, body);
      return false;
    case "function":
      walk.machine.execute([statement], walk.scope);
      walkNested(walk, statement);
      return false;
    default:
      walk.machine.execute([statement], walk.scope);
      return false;
  }
}

/** `async def send_wrapper(message)` within a middleware, the inner function of a factory. */
function walkNested(walk: Walk, { name }: FunctionDefinition): void {
  const value = walk.scope.bindings.get(name)?.value;
  if (value?.kind === "function") enter(walk, value, new Map());
}

const ITEMS_MAX = 64;

/** `for name, value in HEADERS.items(): response.headers[name] = value`. */
function walkLoop(walk: Walk, { target, source, body }: Statement & { kind: "for" }): void {
  const items = walk.machine.evaluate(source, walk.scope);
  const each =
    items.kind === "list" && items.items.length > 0
      ? items.items.slice(0, ITEMS_MAX)
      : [unknownValue("an element that is not known", [items.origin])];
  for (const item of each) {
    bindTarget(target, item, walk.scope);
    walkBody(walk, body);
  }
}

function walkSimple(walk: Walk, statement: Simple): void {
  const isWritten = recordWrites(walk, statement);
  if (statement.kind === "delete" || isWritten || walk.isOff) return;
  const { value } = statement;
  if (value !== undefined) follow(walk, value);
  if (statement.kind === "assign" && statement.target.kind === "name" && value !== undefined)
    walk.written.set(statement.target.name, value);
  walk.machine.execute([statement], walk.scope);
  if (statement.kind === "assign" && value?.kind === "call")
    walkPartial(walk, statement.target, value);
}

/** `send = functools.partial(self.send, send=send)`: handed on to the application, which calls it. */
function walkPartial(walk: Walk, target: Expression, { callee }: Call): void {
  const maker = walk.machine.evaluate(callee, walk.scope);
  if (maker.kind !== "external" || maker.path !== "functools.partial") return;
  const value = walk.machine.evaluate(target, walk.scope);
  if (value.kind === "function") enter(walk, value, new Map());
}

/** Functions of the project that are called within an expression. */
function follow(walk: Walk, expression: Expression): void {
  if (walk.isOff) return;
  for (const { callee, arguments: given } of callsIn(expression)) {
    const value = walk.machine.evaluate(callee, walk.scope);
    if (value.kind === "function") enter(walk, value, knownArguments(walk, callee, value, given));
    else walkHanded(walk, given);
  }
}

/** `await self.app(scope, receive, self.send)`: a method that is handed on is called. */
function walkHanded(walk: Walk, given: readonly Argument[]): void {
  for (const { value: expression } of given) {
    if (expression.kind !== "attribute") continue;
    const value = walk.machine.evaluate(expression, walk.scope);
    if (value.kind === "function") enter(walk, value, new Map());
  }
}

function knownArguments(
  { machine, scope }: Walk,
  callee: Expression,
  { parameters }: FunctionShape,
  given: readonly Argument[],
): ReadonlyMap<string, Value> {
  const known = new Map<string, Value>();
  const isMethod = callee.kind === "attribute" && parameters[0]?.name === "self";
  if (isMethod) known.set("self", machine.evaluate(callee.object, scope));
  const names = parameters.slice(isMethod ? 1 : 0).map(({ name }) => name);
  for (const [index, argument] of given.entries()) {
    const name = argument.name ?? names[index];
    if (name !== undefined && argument.spread === "")
      known.set(name, machine.evaluate(argument.value, scope));
  }
  return known;
}
