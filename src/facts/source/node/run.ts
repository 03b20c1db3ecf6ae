import { createScriptMachine } from "../../../parsers/javascript/evaluate-script.ts";
import type { ScriptScope, ScriptSite } from "../../../parsers/javascript/scopes.ts";
import { argumentsOf } from "../../../parsers/javascript/script-calls.ts";
import type { ScriptMachine } from "../../../parsers/javascript/script-machine.ts";
import { readScript, type ScriptModule } from "../../../parsers/javascript/script-module.ts";
import { toldConditions } from "../../../parsers/javascript/script-names.ts";
import type { ScriptValue, ToldCondition } from "../../../parsers/javascript/script-value.ts";
import {
  bareExpression,
  isMinified,
  keyOf,
  nodeOf,
  placeOf,
  type ScriptPlace,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import type { VariableState } from "../../../parsers/python/machine.ts";
import type { ScriptProject } from "../../script-project.ts";
import { environmentLookUp } from "../../source-environment.ts";
import type { SourceContext } from "../reader.ts";

/** Files of one project that are looked through for what sets something up. */
export const ROOTS_MAX = 300;

/**
 * Text without which a file sets nothing up that is asked about here: files without it are only
 * parsed where a value leads there.
 */
const NEEDLE =
  /helmet|lusca|csurf|csrf|["'](?:express|koa|fastify|cors)["']|express-session|cookie-session|koa-session|@fastify\/|@koa\/cors|kcors|koa2?-cors|rate-?limit|["']limiter["']|koa-ratelimit|trust.proxy|x-powered-by|\.proxy\s*=|strict-transport-security|x-frame-options|content-security-policy|x-content-type-options|referrer-policy|permissions-policy|x-xss-protection|cross-origin-opener-policy|access-control-allow-(?:origin|credentials)|res\.cookie\(|cookies\.set\(|jsonwebtoken|jwt_?secret|@sentry\/|https?\.createServer|createSecureServer|\.listen\(/i;

export interface ScriptCall {
  readonly file: string;
  readonly node: SyntaxNode;
  readonly site: ScriptSite;
  readonly place: ScriptPlace;
  /** The last name of what is called: `use` of `app.use(…)`, `helmet` of `helmet()`. */
  readonly method: string;
  readonly receiver: SyntaxNode | undefined;
}

/** What is called, evaluated under one environment. */
export interface ScriptRun {
  readonly project: ScriptProject;
  readonly live: ScriptMachine;
  /** Nothing is set in its environment: what the program falls back to. */
  readonly bare: ScriptMachine;
  readonly modules: readonly ScriptModule[];
  readonly calls: readonly ScriptCall[];
}

/** Parses what sets things up, each file once. */
export function runScripts(
  context: SourceContext,
  project: ScriptProject,
  defaults: Readonly<Record<string, string>> = {},
): ScriptRun {
  const modules = new Map<string, ScriptModule | undefined>();
  const moduleOf = (file: string): ScriptModule | undefined => {
    const text = project.texts.get(file);
    if (text === undefined || modules.has(file)) return modules.get(file);
    modules.set(file, parsed(context, file, text));
    return modules.get(file);
  };
  const files = { moduleOf, resolve: project.resolve };
  const lookUp = environmentLookUp(context.environment);
  const filled = (name: string): VariableState => {
    const state = lookUp(name);
    const text = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    return state.state === "unset" && text !== undefined ? { state: "set", text } : state;
  };
  const roots = project.closure
    .filter((file) => NEEDLE.test(project.texts.get(file) ?? ""))
    .slice(0, ROOTS_MAX)
    .map(moduleOf)
    .filter((module) => module !== undefined);
  return {
    project,
    live: createScriptMachine(files, filled),
    bare: createScriptMachine(files, () => ({ state: "unset" })),
    modules: roots,
    calls: roots.flatMap(callsOf),
  };
}

function parsed(context: SourceContext, file: string, text: string): ScriptModule | undefined {
  if (isMinified(text)) {
    context.sources.note({ file, detail: "it is a bundle or minified, and was not read" });
    return undefined;
  }
  const module = readScript(file, text);
  if (module === undefined) context.sources.note({ file, detail: "it is no JavaScript" });
  return module;
}

function callsOf({ file, calls }: ScriptModule): readonly ScriptCall[] {
  return calls.flatMap((site) => {
    const callee = nodeOf(site.node, "callee");
    if (callee === undefined) return [];
    const bare = bareExpression(callee);
    const isMember = /^(?:Optional)?MemberExpression$/.test(bare.type);
    const name = bare["name"];
    const method = isMember ? keyOf(bare, "property") : typeof name === "string" ? name : "";
    if (method === undefined) return [];
    const receiver = isMember ? nodeOf(bare, "object") : undefined;
    const place = placeOf(site.node, file);
    return [{ file, node: site.node, site, place, method, receiver }];
  });
}

/** The path of what a call calls, where it comes from a package: `helmet.hsts`, `express().use`. */
export function calleePath({ live }: ScriptRun, { node, site }: ScriptCall): string | undefined {
  const callee = nodeOf(node, "callee");
  if (callee === undefined) return undefined;
  // `require("helmet")()` and `(0, helmet)()` alike.
  const value = live.evaluate(callee, site.scope);
  return value.kind === "external" ? value.path : undefined;
}

export function valuesOf(
  machine: ScriptMachine,
  { node, site }: ScriptCall,
): readonly ScriptValue[] {
  return argumentsOf(machine, node, site.scope);
}

/**
 * Conditions on the way to a statement, outermost first. `if (x) return` before it counts within
 * `inside` only: what a program leaves early for is an error, what a middleware does is a rule.
 */
export function conditionsOf(
  { live }: ScriptRun,
  { conditions }: Pick<ScriptSite, "conditions">,
  inside?: SyntaxNode,
): readonly ToldCondition[] {
  const counting = conditions.filter(
    ({ isExit, scope }) => isExit !== true || (inside !== undefined && isWithin(scope, inside)),
  );
  return toldConditions(live, counting);
}

function isWithin(scope: ScriptScope, owner: SyntaxNode): boolean {
  for (let at: ScriptScope | undefined = scope; at !== undefined; at = at.parent)
    if (at.owner === owner) return true;
  return false;
}
