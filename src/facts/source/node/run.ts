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
  nodesOf,
  placeOf,
  type ScriptPlace,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import type { VariableState } from "../../../parsers/python/machine.ts";
import type { ScriptProject } from "../../script-project.ts";
import { environmentLookUp } from "../../source-environment.ts";
import type { SourceContext } from "../reader.ts";
import type { LiveSettings } from "./live-settings.ts";
import { isOfPackage } from "./packages.ts";

/** Files of one project that are looked through for what sets something up. */
export const ROOTS_MAX = 300;

/** UTF-16 units of all files that are parsed: what lies beyond them is not known. */
export const PARSED_LENGTH_MAX = 3_000_000;

const SECURITY_FIELD =
  "strict-transport-security|x-frame-options|content-security-policy|x-content-type-options|referrer-policy|permissions-policy|x-xss-protection|cross-origin-opener-policy|access-control-allow-(?:origin|credentials)|x-powered-by|trust proxy";
const PACKAGE =
  "(?:koa-|@fastify/|fastify-)?helmet|lusca|csurf|csrf-csrf|csrf-sync|koa-csrf|tiny-csrf|express-session|cookie-session|koa-(?:generic-)?session|@fastify/[\\w-]+|cors|@koa/cors|kcors|koa2?-cors|express-rate-limit|rate-limiter-flexible|limiter|koa2?-ratelimit|express-slow-down|express-brute|hsts|frameguard|helmet-csp|hide-powered-by|@nestjs/throttler|winston|pino|bunyan|log4js";

/**
 * Text without which a file sets nothing up that is asked about here: files without it are only
 * parsed where a value leads there.
 */
const NEEDLE = new RegExp(
  `["'\`](?:${SECURITY_FIELD}|${PACKAGE})["'\`]|\\bexpress\\(\\)|new Koa\\b|\\bfastify\\(|NestFactory|\\bapp\\.use\\(|\\.proxy\\s*=|\\.(?:cookie|setCookie)\\(|cookies\\.set\\(|jwt\\.sign\\(|jwt_?secret\\s*=|Sentry\\.init|https?\\.createServer|createSecureServer|\\.listen\\(|headers\\.set\\(`,
  "i",
);
/** Programs beside the application: installers, tools. */
const BESIDES = /(?:^|\/)(?:install|installer|scripts|tools|bin\/dev)\//i;
/** Where nothing of the kind makes an application: it may go by another name. */
const BROAD_NEEDLE = /["'](?:express|koa|fastify)["']/;

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
  /** Of calls that were asked for: what they call. */
  readonly paths: Map<ScriptCall, string | undefined>;
}

/** Parses what sets things up, each file once. */
export function runScripts(
  context: SourceContext,
  project: ScriptProject,
  defaults: Readonly<Record<string, string>> = {},
  settings: LiveSettings = { live: [], bare: [] },
): ScriptRun {
  const modules = new Map<string, ScriptModule | undefined>();
  let length = 0;
  const moduleOf = (file: string): ScriptModule | undefined => {
    const text = project.texts.get(file);
    if (text === undefined || modules.has(file)) return modules.get(file);
    length += text.length;
    modules.set(file, length > PARSED_LENGTH_MAX ? undefined : parsed(context, file, text));
    return modules.get(file);
  };
  const files = { moduleOf, resolve: project.resolve };
  const lookUp = environmentLookUp(context.environment);
  const filled = (name: string): VariableState => {
    const state = lookUp(name);
    const text = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    return state.state === "unset" && text !== undefined ? { state: "set", text } : state;
  };
  const own = project.closure.filter((file) => !BESIDES.test(file));
  const texts = own.map((file) => ({ file, text: project.texts.get(file) ?? "" }));
  const telling = texts.filter(({ text }) => NEEDLE.test(text));
  const broad = texts.filter(({ text }) => BROAD_NEEDLE.test(text));
  const roots = (telling.length > 0 ? telling : broad)
    .slice(0, ROOTS_MAX)
    .map(({ file }) => file)
    .map(moduleOf)
    .filter((module) => module !== undefined);
  return {
    project,
    live: createScriptMachine({ ...files, settings: settings.live }, filled),
    bare: createScriptMachine({ ...files, settings: settings.bare }, () => ({ state: "unset" })),
    modules: roots,
    calls: roots.flatMap(callsOf),
    paths: new Map(),
  };
}

function parsed(context: SourceContext, file: string, text: string): ScriptModule | undefined {
  if (isMinified(text)) {
    context.sources.note({ file, detail: "it is a bundle or minified, and was not read" });
    return undefined;
  }
  const module = readScript(file, text);
  if (module === undefined)
    context.sources.note({ file, detail: "it is no JavaScript", code: "malformed" });
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
export function calleePath(run: ScriptRun, call: ScriptCall): string | undefined {
  if (!run.paths.has(call)) run.paths.set(call, pathOf(run, call));
  return run.paths.get(call);
}

function pathOf({ live, project }: ScriptRun, { node, site }: ScriptCall): string | undefined {
  const callee = nodeOf(node, "callee");
  // What is the project's own is not evaluated: that would parse file after file.
  if (callee === undefined || !isOfPackage(project, callee, site.scope)) return undefined;
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

/** One argument alone. */
export function argumentOf(
  machine: ScriptMachine,
  { node, site }: ScriptCall,
  index: number,
): ScriptValue | undefined {
  const given = nodesOf(node, "arguments")[index];
  return given === undefined ? undefined : machine.evaluate(given, site.scope);
}

/** Whether a file's text says that it sets something up. */
export function isTelling({ project }: ScriptRun, file: string): boolean {
  return NEEDLE.test(project.texts.get(file) ?? "");
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
