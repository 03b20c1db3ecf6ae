import { noteChange } from "./changes.ts";
import {
  declareImport,
  declareImportEquals,
  declareNamed,
  declareParameters,
  declareVariable,
} from "./declarations.ts";
import { addExport, type ScriptExport } from "./exports.ts";
import type { ScriptCondition, ScriptScope, ScriptSite } from "./scopes.ts";
import {
  childrenOf,
  isFunctionNode,
  nodeOf,
  nodesOf,
  type SyntaxNode,
  syntaxTree,
  textOf,
} from "./syntax.ts";

/** A file of the project, walked once: its names, and the calls and assignments in it. */
export interface ScriptModule {
  readonly file: string;
  readonly text: string;
  readonly scope: ScriptScope;
  readonly calls: readonly ScriptSite[];
  readonly assignments: readonly ScriptSite[];
  /** `a || b`, `a ?? b`, `a && b`. */
  readonly alternatives: readonly ScriptSite[];
  /** Templates of text. */
  readonly templates: readonly ScriptSite[];
  readonly exports: ReadonlyMap<string, ScriptExport>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
  /** Of every function and block. */
  readonly scopes: ReadonlyMap<SyntaxNode, ScriptScope>;
}

/** Nodes of one file that are looked at; what lies beyond them is not known. */
const NODES_MAX = 400_000;
const DEPTH_MAX = 400;
const CONDITIONS_MAX = 24;

interface Walk {
  readonly file: string;
  readonly calls: ScriptSite[];
  readonly assignments: ScriptSite[];
  readonly alternatives: ScriptSite[];
  readonly templates: ScriptSite[];
  readonly exports: Map<string, ScriptExport>;
  readonly stars: string[];
  readonly scopes: Map<SyntaxNode, ScriptScope>;
  visited: number;
}

interface At {
  readonly scope: ScriptScope;
  readonly conditions: readonly ScriptCondition[];
  readonly functions: readonly SyntaxNode[];
  readonly depth: number;
}

/** `undefined` where the text is no JavaScript or TypeScript. */
export function readScript(file: string, text: string): ScriptModule | undefined {
  const program = syntaxTree(text, file);
  if (program === undefined) return undefined;
  const walk: Walk = {
    file,
    calls: [],
    assignments: [],
    alternatives: [],
    templates: [],
    exports: new Map(),
    stars: [],
    scopes: new Map(),
    visited: 0,
  };
  const scope = scopeIn(undefined, file, undefined);
  visitStatements(walk, nodesOf(program, "body"), {
    scope,
    conditions: [],
    functions: [],
    depth: 0,
  });
  for (const site of [...walk.assignments, ...walk.calls]) noteChange(site);
  const { visited: _, ...found } = walk;
  return { ...found, text, scope };
}

function scopeIn(
  parent: ScriptScope | undefined,
  file: string,
  owner: SyntaxNode | undefined,
): ScriptScope {
  return { file, parent, owner, bindings: new Map() };
}

function scopeOf(walk: Walk, node: SyntaxNode, { scope }: At): ScriptScope {
  const own = scopeIn(scope, walk.file, undefined);
  walk.scopes.set(node, own);
  return own;
}

function visit(walk: Walk, node: SyntaxNode, at: At): void {
  walk.visited += 1;
  if (walk.visited > NODES_MAX || at.depth > DEPTH_MAX) return;
  declare(walk, node, at);
  const special = isFunctionNode(node) ? visitFunction : VISITS[node.type];
  if (special === undefined) visitAll(walk, childrenOf(node), { ...at, depth: at.depth + 1 });
  else special(walk, node, at);
}

type Visit = (walk: Walk, node: SyntaxNode, at: At) => void;

/** Nodes behind which something is to be known: names of a block, tests, calls. */
const VISITS: Readonly<Record<string, Visit>> = {
  BlockStatement: visitBlock,
  StaticBlock: visitBlock,
  ForStatement: visitLoop,
  ForInStatement: visitLoop,
  ForOfStatement: visitLoop,
  SwitchStatement: visitLoop,
  IfStatement: visitBranches,
  ConditionalExpression: visitBranches,
  LogicalExpression: visitLogical,
  CallExpression: visitSite,
  OptionalCallExpression: visitSite,
  NewExpression: visitSite,
  AssignmentExpression: visitSite,
  TemplateLiteral: visitSite,
};

function visitBlock(walk: Walk, node: SyntaxNode, at: At): void {
  const scope = scopeOf(walk, node, at);
  visitStatements(walk, nodesOf(node, "body"), { ...at, depth: at.depth + 1, scope });
}

function visitLoop(walk: Walk, node: SyntaxNode, at: At): void {
  const scope = scopeOf(walk, node, at);
  visitAll(walk, childrenOf(node), { ...at, depth: at.depth + 1, scope });
}

function visitSite(walk: Walk, node: SyntaxNode, at: At): void {
  const isCall = /Call|New/.test(node.type);
  const other = node.type === "TemplateLiteral" ? walk.templates : walk.assignments;
  (isCall ? walk.calls : other).push(siteOf(node, at));
  visitAll(walk, childrenOf(node), { ...at, depth: at.depth + 1 });
}

function siteOf(node: SyntaxNode, { scope, conditions, functions }: At): ScriptSite {
  return { node, scope, conditions, functions };
}

function visitAll(walk: Walk, nodes: readonly SyntaxNode[], at: At): void {
  for (const node of nodes) visit(walk, node, at);
}

function declare(walk: Walk, node: SyntaxNode, { scope }: At): void {
  switch (node.type) {
    case "VariableDeclaration": {
      const home = textOf(node, "kind") === "var" ? functionScope(scope) : scope;
      for (const each of nodesOf(node, "declarations")) declareVariable(home, each);
      return;
    }
    case "FunctionDeclaration":
    case "ClassDeclaration":
      declareNamed(scope, node);
      return;
    case "ImportDeclaration":
      declareImport(scope, node);
      return;
    case "TSImportEqualsDeclaration":
      declareImportEquals(scope, node);
      return;
    case "ExportAllDeclaration": {
      const source = nodeOf(node, "source");
      const specifier = source === undefined ? undefined : textOf(source, "value");
      if (specifier !== undefined) walk.stars.push(specifier);
      return;
    }
    default:
      addExport(walk.exports, node, scope);
  }
}

function functionScope(scope: ScriptScope): ScriptScope {
  let at = scope;
  while (at.owner === undefined && at.parent !== undefined) at = at.parent;
  return at;
}

function visitFunction(walk: Walk, node: SyntaxNode, at: At): void {
  const scope = scopeIn(at.scope, walk.file, node);
  walk.scopes.set(node, scope);
  declareParameters(scope, node);
  const inner: At = {
    scope,
    conditions: at.conditions,
    functions: [node, ...at.functions],
    depth: at.depth + 1,
  };
  visitAll(walk, nodesOf(node, "params"), inner);
  const body = nodeOf(node, "body");
  if (body === undefined) return;
  if (body.type === "BlockStatement") visitStatements(walk, nodesOf(body, "body"), inner);
  else visit(walk, body, inner);
}

/** One after the other: behind `if (x) return` the rest is only reached without `x`. */
function visitStatements(walk: Walk, statements: readonly SyntaxNode[], at: At): void {
  let here = at;
  for (const statement of statements) {
    visit(walk, statement, here);
    const test = leavingTest(statement);
    if (test !== undefined) here = under(here, test, false, true);
  }
}

const LEAVING = /^(?:Return|Throw|Continue|Break)Statement$/;

function leavingTest(statement: SyntaxNode): SyntaxNode | undefined {
  if (statement.type !== "IfStatement" || nodeOf(statement, "alternate") !== undefined)
    return undefined;
  const consequent = nodeOf(statement, "consequent");
  const last =
    consequent?.type === "BlockStatement" ? nodesOf(consequent, "body").at(-1) : consequent;
  return last !== undefined && LEAVING.test(last.type) ? nodeOf(statement, "test") : undefined;
}

function visitBranches(walk: Walk, node: SyntaxNode, outer: At): void {
  const at = { ...outer, depth: outer.depth + 1 };
  const test = nodeOf(node, "test");
  const consequent = nodeOf(node, "consequent");
  const alternate = nodeOf(node, "alternate");
  if (test === undefined) return;
  visit(walk, test, at);
  if (consequent !== undefined) visit(walk, consequent, under(at, test, true));
  if (alternate !== undefined) visit(walk, alternate, under(at, test, false));
}

function visitLogical(walk: Walk, node: SyntaxNode, outer: At): void {
  const at = { ...outer, depth: outer.depth + 1 };
  const left = nodeOf(node, "left");
  const right = nodeOf(node, "right");
  if (left === undefined || right === undefined) return;
  walk.alternatives.push(siteOf(node, outer));
  visit(walk, left, at);
  const operator = node["operator"];
  visit(walk, right, operator === "??" ? at : under(at, left, operator === "&&"));
}

function under(at: At, test: SyntaxNode, wanted: boolean, isExit = false): At {
  if (at.conditions.length >= CONDITIONS_MAX) return at;
  const condition = { test, wanted, scope: at.scope, ...(isExit ? { isExit: true as const } : {}) };
  return { ...at, conditions: [...at.conditions, condition] };
}
