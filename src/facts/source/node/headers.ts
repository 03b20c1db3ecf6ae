import {
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptText,
  type ToldCondition,
} from "../../../parsers/javascript/script-value.ts";
import {
  identifierOf,
  nodesOf,
  placeOf,
  type ScriptPlace,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import { NO_ORIGIN } from "../../../parsers/python/value.ts";
import type { NodeApplication } from "./application.ts";
import { CORS_FIELDS, headerField } from "./header-fields.ts";
import { takesNext } from "./registrations.ts";
import type { ScriptRow } from "./row.ts";
import { argumentOf, conditionsOf, type ScriptCall, type ScriptRun } from "./run.ts";

/** Methods of responses that set a field: Node, Express, Koa, Fastify. */
const SETTING: ReadonlySet<string> = new Set(["setHeader", "set", "header", "headers", "append"]);
const REMOVING: ReadonlySet<string> = new Set(["removeHeader", "remove"]);

/** Fields that the project's own middleware sets or takes away. */
export function headerRows(application: NodeApplication): readonly ScriptRow[] {
  return application.run.calls.flatMap((call) => {
    const isRemoved = REMOVING.has(call.method);
    if ((!isRemoved && !SETTING.has(call.method)) || call.receiver === undefined) return [];
    const conditions = whereItRuns(application, call);
    if (conditions === undefined) return [];
    return fieldsOf(application, call, isRemoved).flatMap((field) => {
      const row = fieldRow(application, field, conditions);
      return row === undefined ? [] : [row];
    });
  });
}

interface SetField {
  readonly name: string;
  readonly value: ScriptValue;
  readonly place: ScriptPlace;
}

/** `set("X", "y")`, `set({ X: "y" })`, `removeHeader("X")`. */
function fieldsOf(
  { run }: NodeApplication,
  call: ScriptCall,
  isRemoved: boolean,
): readonly SetField[] {
  const first = argumentOf(run.live, call, 0);
  if (first?.kind === "object")
    return [...first.members].map(([name, { value, place }]) => ({ name, value, place }));
  if (first?.kind === "unknown" && !isRemoved) return loopedFields(run, call);
  if (first?.kind !== "text" || !isAskedFor(first.text)) return [];
  const { place } = call;
  if (isRemoved) return [{ name: first.text, value: scriptNone(), place }];
  const value = argumentOf(run.live, call, 1) ?? scriptNone();
  return [{ name: first.text, value: reflecting(call, value), place }];
}

/** `for (const [name, value] of Object.entries(fields)) res.setHeader(name, value)`, and with `forEach`. */
function loopedFields(run: ScriptRun, call: ScriptCall): readonly SetField[] {
  if (nodesOf(call.node, "arguments").length !== 2) return [];
  const [inner, outer] = call.site.functions;
  const around = run.calls.filter(
    ({ file, method, receiver, site: { functions } }) =>
      file === call.file &&
      method === "entries" &&
      identifierOf(receiver) === "Object" &&
      (functions[0] === inner || functions[0] === outer),
  );
  return around.flatMap((each) => {
    const held = argumentOf(run.live, each, 0);
    if (held?.kind !== "object") return [];
    return [...held.members]
      .filter(([name]) => isAskedFor(name))
      .map(([name, { value, place }]) => ({ name, value, place }));
  });
}

function isAskedFor(name: string): boolean {
  return headerField(name) !== undefined || Object.hasOwn(CORS_FIELDS, name.toLowerCase());
}

const ORIGIN_OF_REQUEST =
  /(?:headers\s*(?:\.origin\b|\[["']origin["']\])|\b(?:get|header)\(["']origin["']\))/i;

/** A header made of the asking page's origin lets every origin in. */
function reflecting({ node }: ScriptCall, value: ScriptValue): ScriptValue {
  if (value.kind !== "unknown") return value;
  const [, given] = Array.isArray(node["arguments"]) ? node["arguments"] : [];
  const text = JSON.stringify(given, (key, child) => (key === "loc" ? undefined : child)) ?? "";
  const isReflected =
    /"name":"headers".{0,200}"name":"origin"/.test(text) || ORIGIN_OF_REQUEST.test(text);
  return isReflected && !/"ConditionalExpression"|"LogicalExpression"/.test(text)
    ? { ...scriptText("*"), origin: value.origin, isComposed: true }
    : value;
}

function fieldRow(
  { framework }: NodeApplication,
  { name, value, place }: SetField,
  conditions: readonly ToldCondition[],
): ScriptRow | undefined {
  const key = name.toLowerCase();
  const cors = Object.hasOwn(CORS_FIELDS, key) ? CORS_FIELDS[key] : undefined;
  if (cors !== undefined)
    return {
      ...cors,
      framework,
      name,
      place,
      conditions,
      value: cors.property === "cors.credentials" ? credentialsOf(value) : value,
    };
  const known = headerField(name);
  if (known === undefined) return undefined;
  const { slug, property } = known;
  return {
    slug: `${framework}.${slug}`,
    property,
    framework,
    name: known.field,
    place,
    value,
    conditions,
  };
}

/** The field's text as the truth that other ways of writing it have. */
export function credentialsOf(value: ScriptValue): ScriptValue {
  if (value.kind !== "text") return value;
  return scriptBoolean(value.text.toLowerCase() === "true", value.origin);
}

/**
 * Under which conditions a call is reached by requests; `undefined` where it answers one route
 * only. A middleware that nothing was seen to register may stand before some routes.
 */
export function whereItRuns(
  { run, registrations }: NodeApplication,
  { site, file }: Pick<ScriptCall, "site" | "file">,
): readonly ToldCondition[] | undefined {
  const owner = site.functions.find((each) => registrations.has(each));
  const registration = owner === undefined ? undefined : registrations.get(owner);
  if (owner !== undefined && registration !== undefined) {
    const { below, conditions } = registration;
    // Conditions around a function that is handed over are those of the call that takes it.
    const inner = conditionsOf(run, { conditions: withinOf(site, owner) }, owner);
    const mounted = below === undefined ? [] : [openCondition(`only below ${below}`)];
    return [...conditions, ...inner, ...mounted];
  }
  const middleware = site.functions.find(takesNext);
  if (middleware === undefined) return undefined;
  const { line } = placeOf(middleware, file);
  return [openCondition(`where the middleware at ${file}:${line} is used`)];
}

function withinOf(site: ScriptCall["site"], owner: SyntaxNode) {
  return site.conditions.filter(({ scope }) => {
    for (let at: typeof scope | undefined = scope; at !== undefined; at = at.parent)
      if (at.owner === owner) return true;
    return false;
  });
}

export function openCondition(text: string): ToldCondition {
  return { text, holds: undefined, origin: NO_ORIGIN, place: undefined };
}
