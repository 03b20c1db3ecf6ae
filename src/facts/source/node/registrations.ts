import type { ScriptScope } from "../../../parsers/javascript/scopes.ts";
import type { ScriptValue, ToldCondition } from "../../../parsers/javascript/script-value.ts";
import {
  identifierOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import { specifierOf } from "./packages.ts";
import {
  argumentOf,
  calleePath,
  conditionsOf,
  isTelling,
  type ScriptCall,
  type ScriptRun,
} from "./run.ts";

/** How a middleware came to be run. */
export interface Registration {
  /** The path it is mounted on, or which router; left out where it sees every request. */
  readonly below?: string;
  readonly conditions: readonly ToldCondition[];
}

/** Calls by which frameworks take middleware: Express, Koa, Fastify, `http`. */
const REGISTERING: ReadonlySet<string> = new Set(["use", "addHook", "register", "createServer"]);
const WHOLE = /^(?:|\/|\*|\/\*|\(\.\*\)|\/\(\.\*\)|\/\{\*\w+\})$/;
const ROUTER = /(?:^|\.)Router\(\)$|^(?:@koa\/router|koa-router|express-promise-router)\(\)$/;
/** A middleware that calls a function that calls a function. */
const CALLED_HOPS_MAX = 3;

/** Every function and every result of a package that is run as middleware. */
export function registrationsIn(run: ScriptRun): ReadonlyMap<SyntaxNode, Registration> {
  const found = new Map<SyntaxNode, Registration>();
  for (const call of run.calls) {
    if (!REGISTERING.has(call.method) || call.receiver === undefined) continue;
    const { nodes, registration } = registered(run, call);
    for (const node of nodes) if (!found.has(node)) found.set(node, registration);
  }
  for (let hop = 0; hop < CALLED_HOPS_MAX; hop += 1) if (!addCalled(run, found)) break;
  return found;
}

function registered(run: ScriptRun, call: ScriptCall) {
  const values = nodesOf(call.node, "arguments")
    .filter((each) => isWorthwhile(run, each, call.site.scope))
    .map((each) => run.live.evaluate(each, call.site.scope))
    .flatMap((value) => (value.kind === "list" ? value.items : [value]));
  const below = mountedBelow(run, call, values);
  const conditions = conditionsOf(run, call.site);
  const registration: Registration = { ...(below === undefined ? {} : { below }), conditions };
  return { nodes: values.map(nodeIn).filter((node) => node !== undefined), registration };
}

/** Whether what is registered may set something up: routes alone are not worth their parsing. */
function isWorthwhile(run: ScriptRun, node: SyntaxNode, scope: ScriptScope): boolean {
  const specifier = specifierOf(node, scope);
  const target = specifier === undefined ? undefined : run.project.resolve(scope.file, specifier);
  if (target !== undefined && !isTelling(run, target)) return false;
  return nodesOf(node, "arguments").every((each) => isWorthwhile(run, each, scope));
}

function nodeIn(value: ScriptValue): SyntaxNode | undefined {
  if (value.kind === "function") return value.node;
  return value.kind === "external" ? value.call?.node : undefined;
}

function mountedBelow(
  run: ScriptRun,
  { method, receiver, site }: ScriptCall,
  [first]: readonly ScriptValue[],
): string | undefined {
  const owner = receiver === undefined ? undefined : run.live.evaluate(receiver, site.scope);
  if (owner?.kind === "external" && ROUTER.test(owner.path)) return "the routes of a router";
  if (method !== "use") return undefined;
  if (first?.kind === "text" && !WHOLE.test(first.text)) return first.text;
  return first?.kind === "pattern" ? `/${first.source}/` : undefined;
}

/** Functions of the project that registered ones call: `setHeaders(res)`. */
function addCalled(run: ScriptRun, found: Map<SyntaxNode, Registration>): boolean {
  let isMore = false;
  for (const call of run.calls) {
    const owner = call.site.functions.find((each) => found.has(each));
    const registration = owner === undefined ? undefined : found.get(owner);
    if (owner === undefined || registration === undefined || call.receiver !== undefined) continue;
    if (!isWorthwhile(run, calleeOf(call), call.site.scope)) continue;
    const callee = run.live.evaluate(calleeOf(call), call.site.scope);
    if (callee.kind !== "function" || found.has(callee.node)) continue;
    const conditions = [...registration.conditions, ...conditionsOf(run, call.site, owner)];
    found.set(callee.node, { ...registration, conditions });
    isMore = true;
  }
  return isMore;
}

function calleeOf({ node }: ScriptCall): SyntaxNode {
  return nodeOf(node, "callee") ?? node;
}

const NEXT = /^(?:next|done|cb)$/;

/** Whether a function takes `next`, as middleware does and handlers do not. */
export function takesNext(node: SyntaxNode): boolean {
  return nodesOf(node, "params").some((parameter) => NEXT.test(identifierOf(parameter) ?? ""));
}

/** The file in which the application is put together: where most middleware is registered. */
export function mainFile(run: ScriptRun): string | undefined {
  const counts = new Map<string, number>();
  for (const call of run.calls) {
    if (call.method !== "use" || call.receiver === undefined) continue;
    const owner = run.live.evaluate(call.receiver, call.site.scope);
    if (owner.kind === "external" && !/^(?:express|koa|connect)\(\)$|\.app$/.test(owner.path))
      continue;
    counts.set(call.file, (counts.get(call.file) ?? 0) + 1);
  }
  const best = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  return best ?? run.calls.find((call) => frameworkCalled(run, call) !== undefined)?.file;
}

const NEST = "@nestjs/core.NestFactory.create";
const MAKERS: Readonly<Record<string, "express" | "koa" | "fastify">> = {
  express: "express",
  koa: "koa",
  fastify: "fastify",
  "fastify.fastify": "fastify",
  [NEST]: "express",
};

/** Nest runs on Express where it is given no other platform. */
function isOnFastify(run: ScriptRun, call: ScriptCall): boolean {
  const adapter = argumentOf(run.live, call, 1);
  return adapter?.kind === "external" && adapter.path.startsWith("@nestjs/platform-fastify.");
}

/** The framework whose application a call makes. */
export function frameworkCalled(
  run: ScriptRun,
  call: ScriptCall,
): "express" | "koa" | "fastify" | undefined {
  // What is called in `require("express")()` has no name.
  if (!/^\w{0,12}$/.test(call.method)) return undefined;
  const path = calleePath(run, call);
  if (path === undefined || !Object.hasOwn(MAKERS, path)) return undefined;
  return path === NEST && isOnFastify(run, call) ? "fastify" : MAKERS[path];
}
